// What an autocompletion offers, with its picture: photographs that were taken together are often described alike.
const { jQuery } = window.django ?? {};

// Select2's own words are English where it has no translation, and its Arabic ones are not in the style of the site.
const { gettext } = window;
jQuery?.fn.select2?.defaults.set("language", {
  errorLoading: () => gettext("The list could not be loaded."),
  loadingMore: () => gettext("More is being loaded…"),
  noResults: () => gettext("Nothing found"),
  removeAllItems: () => gettext("Remove all"),
  removeItem: () => gettext("Remove"),
  search: () => gettext("Search"),
  searching: () => gettext("Searching…"),
});

jQuery?.fn.select2?.defaults.set("templateResult", (choice) => {
  if (!choice.preview) return choice.text;
  const image = document.createElement("img");
  Object.assign(image, { src: choice.preview, alt: "", className: "preview", loading: "lazy" });
  const option = document.createElement("span");
  option.className = "pictured";
  option.append(image, choice.text);
  return jQuery(option);
});
