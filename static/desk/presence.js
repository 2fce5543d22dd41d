/* Says every twenty seconds that this form is open, and shows who else has it open. */
"use strict";
{
  const notice = document.getElementById("others");
  const token = document.querySelector("[name=csrfmiddlewaretoken]");

  async function say() {
    if (document.hidden) return;
    const answer = await fetch(notice.dataset.address, { method: "POST", headers: { "X-CSRFToken": token.value } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return; // away, or signed out: the form itself says so
    notice.textContent = (await answer.json()).others;
    notice.hidden = !notice.textContent;
  }

  if (notice && token) {
    say();
    setInterval(say, 20_000);
    document.addEventListener("visibilitychange", say);
  }
}
