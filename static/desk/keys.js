/* Shows the buttons that need a passkey where the browser knows what that is, and says in words where one fails. */
"use strict";
{
  const parts = document.querySelectorAll("[data-needs-script]");
  if (window.PublicKeyCredential) for (const part of parts) part.hidden = false;

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const message = document.getElementById("key_failed");
    message.hidden = false;
    message.focus();
  });
}
