// Nothing typed is lost: a changed form is not left by mistake, what is sent is sent once, and what could not be taken
// (nobody is logged in any more, the server can't be reached) stays in the page and is sent again.
(() => {
  'use strict';
  const $ = (selector, within = document) => within.querySelector(selector);
  const on = (name, does, target = document) => target.addEventListener(name, does);

  // A changed form is not left by mistake.
  let changed;
  on('input', ({ target }) => {
    if (target.type !== 'search') changed = target.closest('[data-guard], [data-cell]') || changed;
  });
  // One that comes back refused is changed already.
  const look = () => { changed = $('[data-unsaved]') || changed; };
  on('DOMContentLoaded', look);
  on('htmx:after:swap', look);
  on('beforeunload', (event) => { if (changed?.isConnected) { event.preventDefault(); sent.clear(); } }, window);

  // Nor is a changed cell taken away with its list.
  on('htmx:before:request', (event) => {
    const { target, sourceElement, swap } = event.detail.ctx;
    // Confirmed in the dialog, it is its own answer that takes it.
    const isOwn = changed?.contains(sourceElement) || sourceElement?.closest?.('#dialog');
    const isTaken = swap !== 'none' && target?.contains?.(changed) && !isOwn;
    if (isTaken && !confirm('What you changed here is not saved. Leave it?')) event.preventDefault();
  });

  // What is sent is sent once. A form that leaves its page asks first whether somebody is there to take it: if not, the
  // page stays, and all that was typed.
  const sent = new Set();
  let asked;
  on('submit', (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented) return;
    if (asked !== form) {
      if (sent.has(form)) return event.preventDefault();
      if (form.method === 'post') {
        sent.add(form);
        setTimeout(() => sent.delete(form), 10000);
      }
      if (form.matches('[data-guard]') && window.htmx) {
        event.preventDefault();
        return ask(() => { asked = form; form.requestSubmit(submitter); asked = null; });
      }
    }
    form.removeAttribute('data-unsaved'); // it is on its way
    if (form === changed) changed = null;
  });
  on('pageshow', () => sent.clear(), window);

  const ask = (goOn) => htmx.ajax('GET', '/account/session', { swap: 'none', goOn });

  // The same request again, with what the page holds then.
  const again = ({ request, asked: source, sourceEvent: event, goOn }) =>
    (goOn ? ask(goOn) : htmx.ajax(request.method, request.action, { source, event }));

  let waiting = [];
  on('htmx:after:request', ({ detail: { ctx } }) => {
    const { request, response: { status, headers } } = ctx;
    if (status === 204) ctx.goOn?.();
    if (!request.action.startsWith('/login')) {
      if (status === 401) waiting = [...waiting.filter(({ asked }) => asked !== ctx.asked), ctx];
    } else if (status === 204) {
      const loggedIn = headers.get('X-Person');
      const resumed = waiting;
      $('#login').close();
      if (resumed.every(({ request: { headers: said } }) => said['X-Person'] === loggedIn)) return resumed.forEach(again);
      // What somebody began, another person does not end.
      changed = null;
      location.assign('/');
    }
  });
  on('htmx:finally:request', ({ detail: { ctx } }) => { if (ctx.goOn && ctx.response?.status !== 204) sent.clear(); });

  // The login over the page is for the one who was logged in.
  on('htmx:after:swap', ({ detail: { ctx: { target, response } } }) => {
    const login = $('#login');
    if (response.status !== 401 || (target !== '#login' && target !== login)) return;
    const email = $('[data-who]', login);
    if (email) Object.assign(email, { value: $('.who').textContent.trim(), readOnly: true });
    if (!login.open) login.showModal();
    $('[autofocus]', login)?.focus();
  });
  document.addEventListener('close', ({ target }) => {
    if (target.id !== 'login') return;
    waiting = [];
    target.replaceChildren();
  }, true);

  on('htmx:error', ({ detail: { ctx } }) => {
    const place = $('#login-problem') || $('#problem');
    if (!ctx || ctx.response || !place) return;
    const problem = document.createElement('div');
    const retry = document.createElement('button');
    problem.className = 'problem';
    problem.textContent = 'The server can’t be reached. ';
    if (ctx.request.method !== 'GET') problem.textContent += 'Nobody knows whether this was saved; sent again, it is saved once. ';
    retry.className = 'button';
    retry.type = 'button';
    retry.textContent = 'Try again';
    retry.onclick = () => { place.replaceChildren(); again(ctx); };
    problem.append(retry);
    place.replaceChildren(problem);
  });
})();
