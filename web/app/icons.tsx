import type { ReactNode } from 'react';

/** Drawn on a grid of 20, in the text's colour. Whoever uses one gives it its name. */
function icon(drawing: ReactNode) {
  return function Icon() {
    return (
      <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        {drawing}
      </svg>
    );
  };
}

export const SendIcon = icon(<path d="M10 16.5v-13M4.5 9 10 3.5 15.5 9" />);
export const DownIcon = icon(<path d="M10 3.5v13M4.5 11l5.500 5.500L15.500 11" />);
export const UpIcon = icon(<path d="M10 16.500v-13M4.500 9 10 3.500 15.500 9" />);
export const CloseIcon = icon(<path d="m5 5 10 10M15 5 5 15" />);
export const BackIcon = icon(<path d="M12.500 4 6.500 10l6 6" />);
export const SearchIcon = icon(
  <>
    <circle cx="9" cy="9" r="5" />
    <path d="m12.700 12.700 4 4" />
  </>,
);
export const SmileIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M6.800 11.500c.7 1.500 1.800 2.200 3.200 2.200s2.500-.7 3.200-2.200M7.500 7.800v.1M12.500 7.800v.1" />
  </>,
);
export const LinkIcon = icon(
  <path d="m8.500 11.500 3-3M9 6.500l1.800-1.800a3.200 3.200 0 0 1 4.500 4.500L13.500 11M11 13.500l-1.800 1.800a3.200 3.200 0 0 1-4.500-4.500L6.500 9" />,
);
export const ReplyIcon = icon(
  <path d="M8 4.500 3.500 9 8 13.500M3.500 9H11a5.500 5.500 0 0 1 5.500 5.500v1" />,
);
export const LeaveIcon = icon(<path d="M11.500 3.500h-6v13h6M9 10h8M14 7l3 3-3 3" />);
export const SunIcon = icon(
  <>
    <circle cx="10" cy="10" r="3.200" />
    <path d="M10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M4.700 15.300l1-1M14.300 5.700l1-1" />
  </>,
);
export const MoonIcon = icon(
  <path d="M16 11.800A6.300 6.300 0 0 1 8.200 4a6.300 6.300 0 1 0 7.800 7.800z" />,
);
export const HalfIcon = icon(
  <>
    <circle cx="10" cy="10" r="6" />
    <path className="filled" d="M10 4a6 6 0 0 1 0 12z" />
  </>,
);
export const WarningIcon = icon(<path d="M10 3 2.500 16.500h15zM10 8.500v3.500M10 14.400v.1" />);
