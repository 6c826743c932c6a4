import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { navigate } from './router.ts';

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

/** A link inside the page: a plain click stays in it, all others are the browser's. */
export function Link({ onClick, ...props }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || elsewhere) return;
    event.preventDefault();
    navigate(props.href);
  };
  // biome-ignore-start lint/a11y: It is a link, for keys and mouse alike; `href` is among the props.
  return <a {...props} onClick={follow} />;
  // biome-ignore-end lint/a11y: as above
}
