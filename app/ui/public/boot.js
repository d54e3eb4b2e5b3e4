// Sets theme, language and direction before the first paint, so that nothing flashes or turns around.
// A file of its own, not inline: a content security policy without 'unsafe-inline' lets it run.
(function () {
  var preferences = {};
  try {
    preferences = JSON.parse(localStorage.getItem('heliograph.preferences') || '{}') || {};
  } catch {
    // Storage is switched off or damaged: the defaults below are fine.
  }
  var root = document.documentElement;
  var dark = preferences.theme === 'dark' ||
    (preferences.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  var language = preferences.language || preferences.profileLanguage || (/^ar\b/.test(navigator.language) ? 'ar' : 'en');
  root.dataset.theme = dark ? 'dark' : 'light';
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
})();
