/* Makes buttons of the arrows with which django-admin-ordering moves a row: reachable by keyboard, and named. */
"use strict";
{
  const words = document.getElementById("desk-order").dataset;

  const makeButton = (arrow, label) => {
    const row = arrow.closest("tr");
    arrow.setAttribute("role", "button");
    arrow.setAttribute("tabindex", "0");
    arrow.setAttribute("aria-label", `${label}: ${row.querySelector("th")?.textContent.trim() ?? ""}`);
    arrow.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        arrow.click();
      }
    });
    // The row is taken out and put in elsewhere: the focus goes with it.
    arrow.addEventListener("click", () => arrow.focus());
  };

  // The library draws the arrows when jQuery is ready; this script stands after it, and so comes to its turn later.
  django.jQuery(() => {
    document.querySelectorAll(".admin-ordering-field-up-button").forEach((arrow) => makeButton(arrow, words.up));
    document.querySelectorAll(".admin-ordering-field-down-button").forEach((arrow) => makeButton(arrow, words.down));
  });
}
