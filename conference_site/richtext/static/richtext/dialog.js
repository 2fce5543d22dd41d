// A question in a dialog of the browser's own.

/** Create an element: attributes by name, text or elements inside. */
export function create(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value)
  }
  element.append(...children)
  return element
}

let count = 0

/**
 * Ask for the values of some inputs.
 *
 * `fields` are {name, label, help, value, lang, dir, check}; `check` returns the value to keep, or null if there is none,
 * and then `help` is what the person is told. Resolves to {name: value}, to "remove", or to null if nothing was decided.
 */
export function ask(title, fields, words, { isRemovable = false } = {}) {
  const id = `richtext-dialog-${++count}`
  const inputs = fields.map(({ name, value, lang, dir }, position) =>
    create("input", { type: "text", id: `${id}-${position}`, name, value, lang, dir, required: true, "aria-describedby": `${id}-help-${position}` }),
  )
  const rows = fields.flatMap(({ label, help }, position) => [
    create("label", { for: `${id}-${position}` }, label),
    inputs[position],
    create("p", { class: "help", id: `${id}-help-${position}` }, help),
  ])
  const button = (value, label, attributes) => create("button", { value, ...attributes }, label)
  const dialog = create(
    "dialog",
    { class: "richtext-dialog", "aria-labelledby": id },
    create(
      "form",
      { method: "dialog" },
      create("h2", { id }, title),
      ...rows,
      create(
        "div",
        { class: "richtext-dialog-buttons" },
        button("apply", words.apply, { type: "submit", class: "default" }),
        ...(isRemovable ? [button("remove", words.remove, { type: "submit", formnovalidate: true })] : []),
        button("cancel", words.cancel, { type: "submit", formnovalidate: true }),
      ),
    ),
  )
  const check = () => {
    fields.forEach((field, position) => {
      inputs[position].setCustomValidity(field.check(inputs[position].value.trim()) === null ? field.help : "")
    })
  }
  check()
  dialog.addEventListener("input", check)
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove()
      const values = fields.map((field, position) => [field.name, field.check(inputs[position].value.trim())])
      resolve({ apply: Object.fromEntries(values), remove: "remove" }[dialog.returnValue] ?? null)
    })
  })
}
