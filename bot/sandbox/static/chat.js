// One stream of events for all phones. Every bubble is drawn by the server; this file only puts it in its place.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const phoneOf = key => document.getElementById(`phone-${key}`);
const calm = matchMedia('(prefers-reduced-motion: reduce)');

// ---- scrolling -------------------------------------------------------------------------------------------------
// A phone shows its newest messages from the top of the first of them, so that a question is never above what
// can be seen. Once its reader scrolls, nothing moves until the next message, whatever grows or loads meanwhile.
const TOGETHER = 2000;  // milliseconds; messages that come closer than this are read as one
const grown = new ResizeObserver(seen => seen.forEach(({ target }) => settle(target.closest('.phone'))));
const left = scroll => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;

function settle(phone) {
  const scroll = $('.scroll', phone), first = phone.first?.isConnected ? phone.first : null;
  if (!phone.reading && !phone.moved) {
    const end = scroll.scrollHeight - scroll.clientHeight;
    scroll.scrollTop = phone.placed = Math.max(0, first ? Math.min(end, first.offsetTop - 8) : end);
    phone.top = phone.placed;
  }
  showNewest(phone);
}

// The way down, for whoever has not begun to scroll, or reads what is older; it must not lie on a button.
function showNewest(phone) {
  $('[data-newest]', phone).hidden = left($('.scroll', phone)) < 40 || (phone.moved && !phone.reading);
}

function toEnd(phone) {
  Object.assign(phone, { reading: false, moved: false, first: null });
  settle(phone);
}

function follow(phone) {
  const scroll = $('.scroll', phone);
  scroll.addEventListener('scroll', () => {
    const rest = left(scroll), at = scroll.scrollTop, placed = phone.placed ?? at;
    if (at > placed + 2 || (at < placed - 2 && rest > 2)) phone.moved = true;  // not by us, nor by a smaller box
    phone.reading = phone.moved && rest > 140 && at < (phone.top ?? Infinity);
    phone.top = at;
    if (phone.moved && rest <= 2) toEnd(phone);
    showNewest(phone);
  }, { passive: true });
  $('[data-newest]', phone).addEventListener('click', () => { toEnd(phone); scroll.focus({ preventScroll: true }); });
  for (const box of [scroll, $('.log', scroll)]) grown.observe(box);
}

// The message from which on a phone is to be read: the first since its reader did something.
function readFrom(phone, bubble, mine) {
  const now = Date.now();
  if (mine) Object.assign(phone, { reading: false, moved: false, first: null });
  else if (phone.pressed || !phone.reading) {
    const goesOn = phone.first && !phone.pressed && now - phone.came < TOGETHER;
    Object.assign(phone, { reading: false, moved: false, first: goesOn ? phone.first : bubble });
  }
  phone.pressed = false;
  phone.came = now;
}

// ---- what the server tells -------------------------------------------------------------------------------------
const element = html => { const t = document.createElement('template'); t.innerHTML = html.trim(); return t.content.firstElementChild; };

function begin(phone) {
  $('[data-start]', phone).hidden = true;
  $('[data-intro]', phone).hidden = true;
  $('[data-comp]', phone).hidden = false;
}

function add(phone, event) {
  const bubble = element(event.html);
  if (document.getElementById(bubble.id)) return edit(phone, event);
  begin(phone);
  const mine = bubble.classList.contains('me');
  if (!mine) { quiet(phone); unread(phone); }
  $('[data-log]', phone).append(bubble);
  readFrom(phone, bubble, mine);
  settle(phone);
}

function edit(phone, event) {
  const bubble = element(event.html), old = document.getElementById(bubble.id);
  if (!old) return;
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  bubble.classList.add('still');
  old.replaceWith(bubble);
  if (phone.first === old) phone.first = bubble;
  settle(phone);
  if (held) (same(bubble, held) ?? $('.scroll', phone)).focus({ preventScroll: true });
}

// The button that had the focus, in its new clothes: by what it sends, else by its words.
function same(root, held) {
  const all = $$('button, a', root);
  return all.find(b => b.value && b.value === held.value) ?? all.find(b => b.textContent === held.textContent);
}

function typing(phone) {
  $('[data-typing]', phone).hidden = false;
  settle(phone);
  $('[data-state]', phone).textContent = 'typing…';
  clearTimeout(phone.typing);
  phone.typing = setTimeout(quiet, 5000, phone);
}

function quiet(phone) {
  $('[data-typing]', phone).hidden = true;
  $('[data-state]', phone).textContent = 'bot';
  clearTimeout(phone.typing);
}

function keys(phone, event) {
  const box = $('[data-keys]', phone), held = box.contains(document.activeElement);
  box.innerHTML = event.html;
  box.scrollTop = 0;
  showKeys(phone, true);
  $('.words', phone).placeholder = event.placeholder;
  if (held) ($('.keys-rows', box) ?? $('.words', phone)).focus({ preventScroll: true });
}

function showKeys(phone, open) {
  const toggle = $('[data-toggle]', phone), box = $('[data-keys]', phone);
  toggle.hidden = !box.firstElementChild;
  toggle.setAttribute('aria-expanded', open);
  box.hidden = !open || toggle.hidden;
  settle(phone);
}

const busy = new Map(), answered = new Set();
function answer(phone, event) {
  busy.get(event.id)?.removeAttribute('aria-busy');
  busy.delete(event.id);
  answered.add(event.id);
  if (event.text && event.alert) alertWith(event.text);
  else if (event.text) say($('[data-toast]', phone), event.text);
}

function alertWith(words) {
  $('#alert-words').textContent = words;
  if (!$('#alert').open) $('#alert').showModal();
}

function say(box, words) {
  box.textContent = words;
  box.classList.add('on');
  clearTimeout(box.timer);
  box.timer = setTimeout(() => { box.classList.remove('on'); box.textContent = ''; }, 4000 + 60 * words.length);
}

const onPhone = { add, edit, typing, keys, answer, remove: (phone, event) => document.getElementById(`m-${event.id}`)?.remove() };
let beginning = false;  // this page asked to start again: it reloads when that is done
const onPage = {
  reset: () => beginning || location.reload(),
  clock: event => { $('[data-clock]').textContent = event.text; },
  notice: event => say($('[data-notice]'), event.text),
};

function take(event) {
  const phone = event.phone && phoneOf(event.phone);
  if (phone) onPhone[event.op]?.(phone, event);
  else onPage[event.op]?.(event);
}

// ---- the stream: a browser gives one address six connections, so a hidden tab gives its own back ----------------
let stream = null, since = document.body.dataset.since;
function listen() {
  if (stream || document.hidden) return;
  stream = new EventSource(`/events?since=${encodeURIComponent(since)}`);
  stream.onopen = () => { $('[data-offline]').textContent = ''; };
  stream.onerror = () => { $('[data-offline]').textContent = 'Reconnecting…'; };
  stream.onmessage = message => { since = message.lastEventId || since; take(JSON.parse(message.data)); };
}
document.addEventListener('visibilitychange', () => { if (document.hidden) { stream?.close(); stream = null; } else listen(); });
addEventListener('pagehide', () => { stream?.close(); stream = null; });
addEventListener('pageshow', listen);

// ---- what the reader does ---------------------------------------------------------------------------------------
document.addEventListener('submit', event => {
  const form = event.target, button = event.submitter;
  if (form.method !== 'post') return;
  event.preventDefault();
  closeMenus();
  send(new URL(button?.getAttribute('formaction') ?? form.getAttribute('action'), location), form, button);
});

async function send(url, form, button) {
  const body = new FormData(form, button);
  const words = form.matches('[data-comp]') ? $('.words', form) : null;
  if (words && !words.value.trim() && !$$('input[type=file]', form).some(input => input.value)) return words.focus();
  if (words) form.reset();
  if (form.matches('[data-under]')) form.closest('.phone').pressed = true;
  if (form.matches('[data-start]')) requestAnimationFrame(() => $('.scroll', form.closest('.phone')).focus({ preventScroll: true }));
  button?.setAttribute('aria-busy', 'true');
  const timer = setTimeout(() => button?.removeAttribute('aria-busy'), 4000);
  beginning ||= url.pathname === '/again';
  try {
    const reply = await fetch(url, { method: 'POST', body, headers: { 'x-js': '1' } });
    const answer = await reply.json();
    if (url.pathname === '/again') return location.reload();
    done(answer, button, timer);
  } catch {
    beginning = false;
    say($('[data-notice]'), 'That did not go out. Is the program still running?');
    if (words) words.value = body.get('text');
  }
}

function done(reply, button, timer) {
  if (reply.query && !answered.has(reply.query)) busy.set(reply.query, button);
  else { clearTimeout(timer); button?.removeAttribute('aria-busy'); }
  if (reply.notice) say($('[data-notice]'), reply.notice);
  if (reply.notice && reply.phone) show(phoneOf(reply.phone), $('[data-start] button', phoneOf(reply.phone)));
}

document.addEventListener('change', event => {
  if (event.target.matches('[data-attach] input') && event.target.value) event.target.form.requestSubmit();
});

// The menu of what else can be sent closes when something is chosen, on Escape, and when the reader goes elsewhere.
function closeMenus(except) {
  for (const menu of $$('[data-attach][open]')) {
    if (menu === except) continue;
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) $('summary', menu).focus({ preventScroll: true });
  }
}
document.addEventListener('click', event => closeMenus(event.target.closest('[data-attach]')));
document.addEventListener('focusin', event => closeMenus(event.target.closest('[data-attach]')));
document.addEventListener('keydown', event => { if (event.key === 'Escape') closeMenus(); });

document.addEventListener('click', event => {
  const toggle = event.target.closest('[data-toggle]');
  if (toggle) showKeys(toggle.closest('.phone'), toggle.getAttribute('aria-expanded') !== 'true');
});

// ---- voice notes ------------------------------------------------------------------------------------------------
const SPEEDS = [1, 1.25, 1.5, 0.75];

document.addEventListener('click', event => {
  const voice = event.target.closest('[data-voice]');
  if (event.target.closest('.play')) play(voice);
  else if (event.target.closest('.speed')) faster(voice, event.target.closest('.speed'));
});

document.addEventListener('input', event => {
  const voice = event.target.closest('[data-voice]');
  if (voice) sound(voice).currentTime = +event.target.value;
});

function play(voice) {
  const audio = sound(voice);
  if (!audio.paused) return audio.pause();
  $$('audio').forEach(other => other.pause());
  audio.play().catch(() => say($('[data-notice]'), 'This browser cannot play that sound.'));
}

function faster(voice, button) {
  const audio = sound(voice), speed = SPEEDS[(SPEEDS.indexOf(audio.playbackRate) + 1) % SPEEDS.length];
  audio.playbackRate = speed;
  button.textContent = `${speed}×`;
  button.setAttribute('aria-label', `Playback speed, ${speed} times`);
}

// The audio of a voice note; the first time its events are joined to the drawing.
function sound(voice) {
  const audio = $('audio', voice), bars = $$('rect', voice), slider = $('input', voice), button = $('.play', voice);
  if (voice.joined) return audio;
  voice.joined = true;
  const paint = () => {
    const whole = Number.isFinite(audio.duration) ? audio.duration : +slider.max;
    slider.max = whole;
    slider.value = audio.currentTime;
    slider.setAttribute('aria-valuetext', `${Math.round(audio.currentTime)} of ${Math.round(whole)} seconds`);
    bars.forEach((bar, i) => bar.classList.toggle('on', i / bars.length < audio.currentTime / whole));
  };
  audio.addEventListener('timeupdate', paint);
  audio.addEventListener('ended', () => { audio.currentTime = 0; paint(); });
  for (const name of ['play', 'pause']) audio.addEventListener(name, () => button.setAttribute('aria-pressed', !audio.paused));
  return audio;
}

// ---- small screens: one phone at a time -------------------------------------------------------------------------
const tabOf = phone => $(`.switch a[href="#${phone.id}"]`);
const narrow = matchMedia('(max-width: 1020px)');
let current = $('.phone');

function unread(phone) {
  if (!narrow.matches || phone === current) return;
  const badge = $('[data-unread]', tabOf(phone)), count = (badge.count ?? 0) + 1;
  badge.count = count;
  badge.hidden = false;
  badge.innerHTML = `${count}<span class="vh"> new</span>`;
}

function mark(phone) {
  current = phone;
  $$('.switch a').forEach(tab => tab.removeAttribute('aria-current'));
  tabOf(phone).setAttribute('aria-current', 'true');
  const badge = $('[data-unread]', tabOf(phone));
  badge.count = 0;
  badge.hidden = true;
}

function show(phone, focus = phone) {
  phone.scrollIntoView({ inline: 'center', block: 'nearest', behavior: calm.matches ? 'auto' : 'smooth' });
  mark(phone);
  focus.focus({ preventScroll: true });
}

document.addEventListener('click', event => {
  const tab = event.target.closest('.switch a, .skip');
  if (!tab) return;
  event.preventDefault();
  show($(tab.hash));
});
const watch = new IntersectionObserver(seen => seen.forEach(s => s.isIntersecting && narrow.matches && mark(s.target)), { threshold: .7 });

// ---- colours: the system's until the reader chooses ---------------------------------------------------------------
const root = document.documentElement, theme = $('[data-theme-button]'), system = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
const nameTheme = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; theme.setAttribute('aria-label', `${theme.textContent} colours`); };
theme.addEventListener('click', () => {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  try { localStorage.theme = root.dataset.theme; } catch { /* storage may be switched off */ }
  nameTheme();
});
system.addEventListener('change', nameTheme);

// ---- begin --------------------------------------------------------------------------------------------------------
theme.hidden = false;
nameTheme();
$$('.phone').forEach(phone => { follow(phone); showKeys(phone, true); watch.observe(phone); });
if ($('[data-notice]').textContent) say($('[data-notice]'), $('[data-notice]').textContent);
listen();
