/** Less is the browser's own furniture that comes and goes. */
const KEYBOARD_PX = 120;

/**
 * Keeps the page above a keyboard that lies over it, as on iPhones: there it neither shrinks the
 * page nor is told to CSS. Elsewhere the page shrinks by itself, as index.html asks for.
 */
export function stayAboveKeyboard(view = window.visualViewport): void {
  const root = document.documentElement;
  const fit = () => {
    // A reader who has zoomed in sees less of the page too.
    const covered = view && view.scale === 1 ? root.clientHeight - view.height : 0;
    const keyboard = covered > KEYBOARD_PX;
    if (keyboard) root.style.setProperty('--visible-height', `${view?.height}px`);
    else root.style.removeProperty('--visible-height');
    // The browser had moved the page up to show the field: now there is no need.
    if (keyboard) window.scrollTo(0, 0);
  };
  view?.addEventListener('resize', fit);
}
