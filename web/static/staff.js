// On every page of staff: what this tab remembers ends with signing out, and what was done is read
// out when the page comes back.

const signOut = document.querySelector('form[action="/sign-out"]');
signOut?.addEventListener("submit", () => sessionStorage.clear());

const done = /** @type {HTMLElement | null} */ (document.querySelector("#done"));
done?.focus();
