// The toolbar: one stop of the tab key, then the arrow keys (the toolbar pattern of the ARIA Authoring Practices).

import { ask, create } from "richtext/dialog"

const toggle = (name, icon, command, attributes) => ({
  name,
  icon,
  run: (editor) => editor.chain().focus()[command]().run(),
  isActive: (editor) => editor.isActive(name),
})

const command = (name, icon, run) => ({ name, icon, run })

const BUTTONS = [
  [toggle("bold", "format_bold", "toggleBold"), toggle("italic", "format_italic", "toggleItalic")],
  [
    toggle("bulletList", "format_list_bulleted", "toggleBulletList"),
    toggle("orderedList", "format_list_numbered", "toggleOrderedList"),
    toggle("blockquote", "format_quote", "toggleBlockquote"),
  ],
  [
    { name: "link", icon: "insert_link", run: editLink, isActive: (editor) => editor.isActive("link") },
    { name: "picture", icon: "image", run: editPicture, isActive: (editor) => editor.isActive("picture") },
    command("table", "grid_on", (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()),
    command("horizontalRule", "horizontal_rule", (editor) => editor.chain().focus().setHorizontalRule().run()),
    command("hardBreak", "keyboard_return", (editor) => editor.chain().focus().setHardBreak().run()),
  ],
  [
    command("undo", "undo", (editor) => editor.chain().focus().undo().run()),
    command("redo", "redo", (editor) => editor.chain().focus().redo().run()),
  ],
]

const TABLE = [
  "addRowAfter", "deleteRow", "addColumnAfter", "deleteColumn", "toggleHeaderCell", "mergeOrSplit", "deleteTable",
].map((name) => command(name, null, (editor) => editor.chain().focus()[name]().run()))

/** The bar for this editor, which keeps itself up to date. */
export function toolbar(editor, site) {
  const main = bar(editor, site, site.words.toolbar, [...BUTTONS.slice(0, -1), languages(site), BUTTONS.at(-1)])
  const table = bar(editor, site, site.words.table, [TABLE])
  const blocks = blockType(editor, site.words)
  const update = () => {
    table.element.hidden = !editor.isActive("table")
    for (const part of [main, table, blocks]) part.update()
  }
  editor.on("transaction", update)
  update()
  return create("div", { class: "richtext-bars" }, create("div", { class: "richtext-bar" }, blocks.element, main.element), table.element)
}

/** A button for every language but the text's own, with the language's own name on it. */
const languages = ({ languages, field }) =>
  languages
    .filter(({ code }) => code !== field.lang)
    .map(({ code, name, dir, label }) => ({
      name: "language",
      label,
      text: create("span", { lang: code, dir }, name),
      run: (editor) => editor.chain().focus().toggleMark("language", { lang: code, dir }).run(),
      isActive: (editor) => editor.isActive("language", { lang: code }),
    }))

function blockType(editor, words) {
  const options = ["paragraph", "heading2", "heading3", "heading4"].map((value) => create("option", { value }, words[value]))
  const element = create("select", { "aria-label": words.block }, ...options)
  element.addEventListener("change", () => {
    const chain = editor.chain().focus()
    if (element.value === "paragraph") chain.setParagraph().run()
    else chain.setHeading({ level: Number(element.value.at(-1)) }).run()
  })
  const update = () => {
    const level = [2, 3, 4].find((level) => editor.isActive("heading", { level }))
    element.value = level ? `heading${level}` : "paragraph"
  }
  return { element, update }
}

function bar(editor, site, label, groups) {
  const buttons = groups.flat().map((item) => ({ ...item, element: button(editor, site, item) }))
  const elements = buttons.map(({ element }) => element)
  let position = 0
  const groupElements = groups.map((group) =>
    create("div", { class: "richtext-group" }, ...elements.slice(position, (position += group.length))),
  )
  const attributes = { role: "toolbar", "aria-label": label, "aria-controls": editor.view.dom.id, class: "richtext-buttons" }
  const element = create("div", attributes, ...groupElements)
  oneTabStop(element, elements)
  const update = () => {
    for (const { element, isActive } of buttons) if (isActive) element.setAttribute("aria-pressed", isActive(editor))
  }
  return { element, update }
}

function button(editor, site, { name, icon, text, label = site.words[name], run }) {
  const content = icon ? create("span", { class: "material-icons", "aria-hidden": "true" }, icon) : (text ?? label)
  const attributes = { type: "button", "data-name": name }
  if (content !== label) Object.assign(attributes, { "aria-label": label, title: label })
  const element = create("button", attributes, content)
  element.addEventListener("click", () => run(editor, site))
  return element
}

function oneTabStop(toolbar, buttons) {
  const choose = (chosen) => buttons.forEach((button) => (button.tabIndex = button === chosen ? 0 : -1))
  choose(buttons[0])
  toolbar.addEventListener("mousedown", (event) => event.preventDefault()) // the text keeps its focus and its selection
  toolbar.addEventListener("focusin", ({ target }) => choose(target))
  toolbar.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(toolbar).direction === "rtl" ? "ArrowLeft" : "ArrowRight"
    const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft"
    const now = buttons.indexOf(document.activeElement)
    const next = { [forward]: now + 1, [backward]: now - 1, Home: 0, End: -1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    buttons.at(next % buttons.length).focus()
  })
}

// Links and pictures

async function editLink(editor, { words, patterns }) {
  const { href } = editor.getAttributes("link")
  const check = (value) => (new RegExp(patterns.address, "i").test(complete(value)) ? complete(value) : null)
  const fields = [{ name: "href", label: words.address, help: words.addressHelp, value: href, dir: "ltr", check }]
  const answer = await ask(words.link, fields, words, { isRemovable: Boolean(href) })
  const chain = editor.chain().focus().extendMarkRange("link")
  if (answer === "remove") chain.unsetLink().run()
  else if (!answer) editor.commands.focus()
  else if (editor.state.selection.empty && !href) {
    chain.insertContent({ type: "text", text: answer.href, marks: [{ type: "link", attrs: answer }] }).run()
  } else chain.setLink(answer).run()
}

/** What people write for an address, as an address. */
function complete(value) {
  if (/^[^\s@:/]+@[^\s@/]+\.[^\s@/]+$/.test(value)) return `mailto:${value}`
  if (/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([/?#]|$)/u.test(value)) return `https://${value}`
  return withoutOrigin(value)
}

const withoutOrigin = (value) => (value.startsWith(`${location.origin}/`) ? value.slice(location.origin.length) : value)

async function editPicture(editor, { words, patterns, field }) {
  const { src, alt } = editor.getAttributes("picture")
  const isOwn = (value) => new RegExp(patterns.picture).test(value)
  const fields = [
    {
      name: "src",
      label: words.pictureAddress,
      help: words.pictureHelp,
      value: src,
      dir: "ltr",
      check: (value) => (isOwn(withoutOrigin(value)) ? withoutOrigin(value) : null),
    },
    { name: "alt", label: words.alternative, help: words.alternativeHelp, value: alt, ...field, check: (value) => value || null },
  ]
  const answer = await ask(words.picture, fields, words, { isRemovable: Boolean(src) })
  const chain = editor.chain().focus()
  if (answer === "remove") chain.deleteNode("picture").run()
  else if (!answer) editor.commands.focus()
  else if (src) chain.updateAttributes("picture", answer).run()
  else chain.insertContent({ type: "picture", attrs: answer }).run()
}
