/* Asks before a press in the content check would lose what was typed into the form below it. */
"use strict";
{
  const panel = document.querySelector("#proofread");
  const form = document.querySelector("#content-main > form[id$=_form]");
  let isTyped = false;
  for (const event of ["input", "change"]) form?.addEventListener(event, () => (isTyped = true));
  // Django's own scripts and the editor change fields without an event of the browser's; a press on their buttons is one.
  form?.addEventListener("click", (event) => {
    if (event.target.closest("button, .add-row, .inline-deletelink, .select2-selection__choice__remove")) isTyped = true;
  });
  panel?.addEventListener("submit", (event) => {
    if (isTyped && !window.confirm(panel.dataset.unsaved)) event.preventDefault();
  });
}
