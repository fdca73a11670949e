// Passkeys: what a form of [data-passkey] needs of the browser before it is sent. Only the pages that have such a form load this.
(() => {
  'use strict';
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const list = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

  const ask = async (form) => {
    const answer = await fetch(form.dataset.options, { method: 'POST', redirect: 'error' });
    if (!answer.ok) throw new Error('not asked');
    const { publicKey } = await answer.json();
    publicKey.challenge = bytes(publicKey.challenge);
    if (form.dataset.passkey === 'get') {
      publicKey.allowCredentials = list(publicKey.allowCredentials);
      return navigator.credentials.get({ publicKey });
    }
    publicKey.user.id = bytes(publicKey.user.id);
    publicKey.excludeCredentials = list(publicKey.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  };

  const written = ({ rawId, type, response }) => {
    const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
    const sent = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
    return JSON.stringify({ id: text(rawId), rawId: text(rawId), type, response: Object.fromEntries(sent), extensions: {} });
  };

  for (const form of document.querySelectorAll('[data-passkey]')) {
    const fault = form.querySelector('[data-fault]');
    const say = (words) => { fault.textContent = words; fault.hidden = false; };
    const works = window.PublicKeyCredential && location.origin === form.dataset.origin;
    // Who has none to choose is not told of it at every login.
    if (!works && 'quiet' in form.dataset) continue;
    form.hidden = false;
    if (!window.PublicKeyCredential) say('This browser has no passkeys here: they need a secure connection.');
    else if (!works) say(`Passkeys work at ${form.dataset.origin} only.`);
    else form.querySelector('button').disabled = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      event.stopPropagation();
      fault.hidden = true;
      try {
        form.elements.credential.value = written(await ask(form));
      } catch (cause) {
        const known = cause.name === 'InvalidStateError';
        say(known ? 'This device has a passkey for the account already.' : 'That did not work, or it was cancelled. Try again, or choose another way.');
        return;
      }
      form.submit();
    });
  }
})();
