// Turn every textarea of rich text into an editor. The textarea stays, hidden, and is what the form sends.

import { Editor } from "django-prose-editor/editor"
import { create } from "richtext/dialog"
import { extensions } from "richtext/schema"
import { toolbar } from "richtext/toolbar"

function enhance(textarea) {
  const page = document.documentElement
  const field = { lang: textarea.lang || page.lang, dir: textarea.dir || page.dir || "ltr" }
  const site = { ...JSON.parse(textarea.dataset.richtext), field }
  const frame = create("div", { class: "richtext" })
  const editor = new Editor({
    element: frame,
    content: textarea.value,
    extensions: extensions(site),
    editable: !textarea.disabled && !textarea.readOnly,
    enableInputRules: ["bulletList", "orderedList", "heading", "blockquote"], // not Markdown's, where *x* isn't WhatsApp's
    enablePasteRules: false, // paste.js has its own
    injectCSS: false, // its rules are in richtext.css, for the Content-Security-Policy
    editorProps: { attributes: { ...field, ...description(textarea), id: `${textarea.id}_editor` } },
    onUpdate: () => {
      textarea.value = editor.isEmpty ? "" : editor.getHTML()
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  if (editor.isEditable) frame.prepend(toolbar(editor, site))
  textarea.before(frame)
  textarea.hidden = true
  for (const label of textarea.labels) label.addEventListener("click", () => editor.commands.focus())
}

/** What the textarea tells those who cannot see it, for the element that takes its place. */
function description(textarea) {
  const labels = [...textarea.labels]
  labels.forEach((label, position) => (label.id ||= `${textarea.id}_label_${position}`))
  const attributes = { role: "textbox", "aria-multiline": "true" }
  if (labels.length) attributes["aria-labelledby"] = labels.map(({ id }) => id).join(" ")
  for (const name of ["aria-label", "aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name)
  }
  return attributes
}

function enhanceAll(root) {
  for (const textarea of root.querySelectorAll("textarea[data-richtext]:not([hidden])")) {
    if (!textarea.id.includes("__prefix__")) enhance(textarea)
  }
}

enhanceAll(document)
document.addEventListener("formset:added", ({ target }) => enhanceAll(target))
