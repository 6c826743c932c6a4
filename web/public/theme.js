// Runs before the first paint, so that a remembered theme does not come as a flash. Without one the
// system's is used, by CSS alone. web/app/theme.ts writes what is read here.
try {
  const theme = localStorage.getItem('parlor-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (_storageIsBlocked) {
  // Then nothing was remembered either.
}
