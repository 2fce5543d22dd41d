// What an autocompletion offers, with its picture: photographs that were taken together are often described alike.
const { jQuery } = window.django ?? {};

jQuery?.fn.select2?.defaults.set("templateResult", (choice) => {
  if (!choice.preview) return choice.text;
  const image = document.createElement("img");
  Object.assign(image, { src: choice.preview, alt: "", className: "preview", loading: "lazy" });
  const option = document.createElement("span");
  option.className = "pictured";
  option.append(image, choice.text);
  return jQuery(option);
});
