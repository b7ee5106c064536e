// Before the page is drawn: the colours the reader chose last time.
try {
  if (localStorage.theme) document.documentElement.dataset.theme = localStorage.theme;
} catch { /* storage may be switched off */ }
