// Passkeys: asks the browser for one and sends what it signed with the form. Without it, codes are the way in.

const bytes = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const read = (options) => {
  const read = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (read.user) read.user = { ...read.user, id: bytes(read.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (read[list]) read[list] = read[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: read };
};

const plain = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const say = (sentence) => {
    const place = form.querySelector("[role=status]");
    place.textContent = sentence;
    place.hidden = false;
  };
  form.addEventListener("submit", async (event) => {
    const field = form.elements.namedItem("passkey");
    if (field.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential) {
      say(form.dataset.cannot);
      return;
    }
    try {
      const options = read(JSON.parse(form.dataset.options));
      const credential = await navigator.credentials[form.dataset.passkey](options);
      field.value = JSON.stringify(plain(credential));
    } catch {
      say(form.dataset.failed);
      return;
    }
    form.requestSubmit();
  });
}
