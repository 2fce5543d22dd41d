// The browser's own way to hand a page on, where there is one.
const button = document.querySelector("[data-share]");
if (button && navigator.share) {
  button.parentElement.hidden = false;
  button.onclick = () => navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
}
