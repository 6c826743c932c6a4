import { type ReactNode, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

interface DialogProps {
  className: string;
  label: string;
  /** Escape, or a click beside it. */
  close: () => void;
  children: ReactNode;
}

/** Stands over the page, outside of what may be hidden there, for as long as it is mounted. */
export function Dialog({ className, label, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // The browser keeps the focus in it, and gives it back.
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return createPortal(
    // biome-ignore lint/a11y/useKeyWithClickEvents: A click beside it closes it, as Escape does.
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-label={label}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {children}
    </dialog>,
    document.body,
  );
}
