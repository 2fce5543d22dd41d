/* Gives a name to what Django's own scripts, and Select2, leave without one for screen readers. */
"use strict";
{
  const nameAutocompletion = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const box = select.nextElementSibling;
    if (!label || !box) return;
    label.id ||= `${select.id}_label`;
    const combobox = box.querySelector("[role=combobox]");
    const value = box.querySelector("[role=textbox]");
    combobox?.setAttribute("aria-labelledby", [label.id, value?.id].filter(Boolean).join(" "));
    value?.removeAttribute("role"); // the value in a combobox is text, no second field
    value?.removeAttribute("aria-readonly");
    box.querySelector("input")?.setAttribute("aria-labelledby", label.id);
    django.jQuery(select).on("select2:open", () =>
      document.querySelector(".select2-container--open .select2-dropdown input")?.setAttribute("aria-labelledby", label.id),
    );
  };

  // Django's icons for yes and no are called “True” and “False” in every language.
  const { dataset } = document.currentScript;
  for (const icon of document.querySelectorAll("img:is([alt=True], [alt=False], [alt=None])")) icon.alt = dataset[icon.alt.toLowerCase()];

  // Nobody calls a zone “Asia/Riyadh”. Django's script, which says how far it is from the device's, comes later.
  document.body.dataset.adminServerTimezone = dataset.zone;

  // After Django's scripts, which wait for the same two events.
  window.django?.jQuery?.(() => document.querySelectorAll("select.admin-autocomplete").forEach(nameAutocompletion));
  window.addEventListener("load", () =>
    document.querySelectorAll(".help-tooltip[aria-label]").forEach((sign) => sign.setAttribute("role", "img")),
  );
}
