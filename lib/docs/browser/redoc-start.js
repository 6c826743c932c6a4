// The pages allow no inline script, hence this file. The fonts are those of the system: Redoc's
// own would come from elsewhere.
const family = 'system-ui, sans-serif';
window.Redoc.init(
  '/api/schema/?format=json',
  {
    hideDownloadButtons: false,
    theme: {
      typography: {
        fontFamily: family,
        headings: { fontFamily: family },
        code: { fontFamily: 'ui-monospace, monospace' },
      },
    },
  },
  document.getElementById('docs'),
);
