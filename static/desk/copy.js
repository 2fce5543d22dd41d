/* A button that copies what stands in a field. Without it the field, which is chosen as a whole, is copied by hand. */
"use strict";
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const select = () => field.select();
  field.addEventListener("focus", select);
  if (document.activeElement === field) select();
  button.hidden = false;
  button.addEventListener("click", async () => {
    select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where the browser trusts this address with no clipboard
    }
    button.nextElementSibling.textContent = button.dataset.done;
  });
}
