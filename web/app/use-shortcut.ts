import { useEffect } from 'react';

/**
 * Runs an action on Ctrl or Cmd with a key.
 *
 * @param key as in `KeyboardEvent.key`, in lower case
 * @param action the same function each time
 */
export function useShortcut(key: string, action: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const plain = !event.altKey && !event.shiftKey && !event.repeat;
      if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey) || !plain) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [key, action]);
}
