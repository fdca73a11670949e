// What the pages can do besides when scripts run. Nothing here is needed; every flow works without.
(() => {
  'use strict';
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const on = (name, does, target = document) => target.addEventListener(name, does);
  root.classList.add('js');

  // Light or dark, before anything is painted.
  const theme = () => { try { return localStorage.theme || ''; } catch { return ''; } };
  const paint = () => { root.dataset.theme = theme(); };
  paint();
  const dress = () => {
    const select = $('#theme');
    if (!select) return;
    select.value = theme();
    select.closest('[hidden]')?.removeAttribute('hidden');
  };
  on('change', ({ target }) => {
    if (target.id !== 'theme') return;
    try { localStorage.theme = target.value; } catch { /* then it lasts as long as this page */ }
    root.dataset.theme = target.value;
  });
  on('storage', () => { paint(); dress(); }, window);

  // Said to everybody, or with `quiet` to those who listen to the page.
  let fade;
  const say = (text, quiet) => {
    const said = document.createElement('p');
    said.className = quiet ? 'hidden' : 'notice toast';
    said.textContent = text;
    $('#notice').replaceChildren(said);
    clearTimeout(fade);
    fade = setTimeout(() => said.remove(), 5000);
  };

  // Where the keyboard goes on.
  const focus = (element, selects) => {
    if (!element) return;
    element.focus({ preventScroll: !selects });
    if (selects && element.select && element.type !== 'checkbox') element.select();
  };
  const into = (fieldset) =>
    focus($('[type=search]', fieldset) || $(':checked', fieldset) || $('input:not([type=hidden])', fieldset) || fieldset, true);

  on('DOMContentLoaded', () => {
    dress();
    const fieldset = $('fieldset[data-focus]');
    if (fieldset) into(fieldset);
  });

  // htmx.
  // One listener for the pencils of all cells: a list has a hundred.
  on('click', (event) => {
    const edit = event.target.closest('.edit');
    if (!edit || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.ajax('GET', edit.getAttribute('href'), { source: edit, event });
  });
  let searching = false;
  on('htmx:before:request', (event) => {
    const { ctx } = event.detail;
    // Nobody sees how far a job is while the page is hidden; and a dialog is not to be written over.
    if (ctx.sourceElement?.id === 'job' && (document.hidden || $('dialog[open]'))) event.preventDefault();
    ctx.asked = ctx.sourceElement; // which htmx forgets when the swap takes it away
    if (ctx.target?.id === 'list') ctx.target.setAttribute('aria-busy', 'true');
  });
  on('htmx:finally:request', () => $('#list')?.removeAttribute('aria-busy'));
  // One entry of the history a search, not one a letter; none for the same list again.
  on('htmx:before:history:update', ({ detail: { history: update, sourceElement } }) => {
    const isSearch = sourceElement?.id === 'search';
    if ((isSearch && searching) || update.path === location.pathname + location.search) update.type = 'replace';
    searching = isSearch;
  });
  on('popstate', () => { searching = false; }, window);

  on('htmx:after:swap', ({ detail: { ctx } }) => {
    dress();
    const target = ctx.target === '#dialog' ? $('#dialog') : ctx.target;
    if (/^#(problem|login)/.test(target) || /^(problem|login)/.test(target?.id)) return;
    $('#problem')?.replaceChildren();
    if (target?.id !== 'dialog' && ctx.asked?.closest?.('#dialog')) $('#dialog').close();
    if (target?.id === 'dialog') {
      if (!target.open && target.firstElementChild) target.showModal();
      else focus($('[autofocus]', target));
    } else if (target?.id === 'list') {
      swappedList(ctx);
    } else if (target?.matches?.('td')) {
      swappedCell(ctx, document.getElementById(target.id));
    }
  });

  const swappedList = ({ asked }) => {
    const range = $('.range');
    if (range) say(`${range.textContent} shown`, true);
    const page = asked?.closest?.('.pager');
    if (page && ($('#list .scroll')?.getBoundingClientRect().top ?? 0) < 0) $('#list .bar').scrollIntoView();
    if (document.activeElement !== document.body) return;
    focus((asked?.id && document.getElementById(asked.id)) || (page ? $('.pager a.button') : $('.filters summary')) || $('main'));
  };

  const swappedCell = (ctx, cell) => {
    if (!cell) return;
    const form = $('[data-cell]', cell);
    if (form) {
      const input = $('[aria-invalid=true], [autofocus], [data-focus]', form);
      if (input?.matches('fieldset')) into(input);
      else focus(input, true);
      return;
    }
    focus($('.edit', cell) || $('a', cell));
    if (ctx.request.method !== 'PATCH') return;
    cell.classList.add('saved');
    say('Saved');
  };

  // Rows to choose: all of the page by its box, with Shift from the last one on.
  let last;
  on('click', ({ target, shiftKey }) => {
    const page = $('[form=bulk][name=page]');
    const rows = [...document.querySelectorAll('[form=bulk][name=row]')];
    const [from, to] = [rows.indexOf(target), rows.indexOf(last)].sort((a, b) => a - b);
    if (target === page) rows.forEach((row) => { row.checked = page.checked; });
    if (!rows.includes(target)) return;
    if (shiftKey && from >= 0) rows.slice(from, to).forEach((row) => { row.checked = target.checked; });
    last = target;
    page.checked = rows.every((row) => row.checked);
  });

  // The dialog, and the panel of the filters.
  on('click', (event) => {
    const dialog = event.target.closest('dialog');
    if (event.target.closest('[data-close]') && dialog?.open) {
      event.preventDefault();
      dialog.close();
    }
    const panel = $('.filters[open]');
    if (panel && !panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener('close', ({ target }) => { if (target.id === 'dialog') target.replaceChildren(); }, true);

  // The keyboard.
  on('keydown', (event) => {
    const { key, target } = event;
    const form = target.closest('form');
    const cell = target.closest('[data-cell]');
    const isArea = target.matches('textarea');
    const does = (act) => { event.preventDefault(); act(); };
    if (event.isComposing) return;
    if (key === 'Enter' && form && (event.ctrlKey || event.metaKey)) return does(() => form.requestSubmit());
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === 'Escape') {
      const panel = target.closest('.filters[open]');
      if (cell) does(() => $('[data-cancel]', cell).click());
      else if (panel) does(() => { panel.open = false; focus($('summary', panel)); });
    } else if (key === 'Enter' && !event.shiftKey && cell && isArea) does(() => cell.requestSubmit());
    // The choices come as one types; elsewhere Enter would press the first button of the form, Find.
    else if (key === 'Enter' && target.name?.startsWith('find.')) event.preventDefault();
    else if (key === 'Enter' && target.matches('input') && form && $('.picker', form)) does(() => form.requestSubmit());
    else if (key === ' ' && target.matches('a[role=button]')) does(() => target.click());
    if (event.defaultPrevented || $('dialog[open]')) return;
    if (isArea || target.matches('select, input:not([type=checkbox], [type=radio])')) return;
    if (key === '/') { const search = $('#search [name=q]'); if (search) does(() => focus(search, true)); }
    else if (key === 'n') { const link = $('[aria-keyshortcuts=n]'); if (link) does(() => link.click()); }
    else if (key === '?' && $('#keys')) does(() => $('#keys').showModal());
  });
})();
