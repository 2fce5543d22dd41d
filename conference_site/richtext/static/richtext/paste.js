// What is pasted, put into the HTML that the editor reads. The rules are those of sanitiser.py, office.py and plain.py,
// which have the last word when the text is saved; here they make the editor show at once what will be saved. The
// patterns come from patterns.py, and tests/richtext/samples holds both sides to the same results.

/** HTML from anywhere. `field` is {lang, dir} of the text that it comes into. */
export function fromHTML(html, { patterns, field }) {
  const body = new DOMParser().parseFromString(withoutStyles(html.replace(new RegExp(patterns.invisible, "gu"), "")), "text/html").body
  translateOffice(body, patterns)
  body.querySelectorAll("img").forEach((image) => {
    if (!new RegExp(patterns.picture).test(image.getAttribute("src"))) image.replaceWith(emoji(image.alt))
  })
  body.querySelectorAll(":is(table, tr):not(:has(td, th))").forEach((empty) => empty.replaceWith(...empty.childNodes))
  leaveOutRepetition(body, field)
  return body.innerHTML
}

/** Styles as data: as styles, the Content-Security-Policy would refuse them one by one while they are parsed. */
const withoutStyles = (html) =>
  html
    .replace(/<style\b[^]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="))

/** Plain text: paragraphs, lists, links, WhatsApp's *strong* and _emphasis_. Returns an element with the blocks. */
export function fromText(text, { patterns }) {
  const body = document.implementation.createHTMLDocument().body
  const item = new RegExp(patterns.item)
  for (const line of text.replace(new RegExp(patterns.invisible, "gu"), "").split(/\r\n|[\n\r\v\f\u2028\u2029]/)) {
    if (!line.trim()) continue
    const found = line.match(item)
    const block = found ? listItem(body, { number: found[1], isNumbered: Boolean(found[1]) }) : element(body, "p")
    block.append(...inline(body, found ? line.slice(found[0].length) : line.trim(), new RegExp(patterns.inline, "g")))
    body.append(block)
  }
  gatherLists(body)
  return body
}

/** Whether HTML says nothing of blocks, so that the line ends of the plain text say more. */
export const isInline = (html) => !/<(p|div|h[1-6]|ul|ol|li|table|blockquote|br|hr|pre)\b/i.test(html)

const element = (within, tag, attributes = {}) => Object.assign(within.ownerDocument.createElement(tag), attributes)

const emoji = (alternative) => (/\p{L}/u.test(alternative) ? "" : alternative)

function inline(within, line, pattern) {
  const nodes = []
  let end = 0
  for (const found of line.matchAll(pattern)) {
    const [all, address, mail, strong, emphasis] = found
    nodes.push(line.slice(end, found.index))
    if (address) {
      nodes.push(element(within, "a", { href: address.startsWith("http") ? address : `https://${address}`, textContent: all }))
    } else if (mail) {
      nodes.push(element(within, "a", { href: `mailto:${mail}`, textContent: all }))
    } else {
      const mark = element(within, strong ? "strong" : "em")
      mark.append(...inline(within, strong ?? emphasis, pattern))
      nodes.push(mark)
    }
    end = found.index + all.length
  }
  return [...nodes, line.slice(end)]
}

// Word processors

function translateOffice(body, patterns) {
  const pattern = Object.fromEntries(Object.entries(patterns).map(([name, source]) => [name, new RegExp(source)]))
  if (body.querySelector('[class^="Mso"], [data-style*="mso-"]')) translateWord(body, pattern)
  for (const element of body.querySelectorAll("b[data-style], span[data-style]")) {
    const { style } = element.dataset
    const isNotBold = element.localName === "b" && pattern.notBold.test(style)
    if (element.localName === "span" || isNotBold) {
      if (pattern.italic.test(style)) wrapContent(element, "em")
      if (pattern.bold.test(style)) wrapContent(element, "strong")
    }
    if (isNotBold) element.replaceWith(...element.childNodes)
  }
}

function wrapContent(parent, tag) {
  const mark = element(parent, tag)
  mark.append(...parent.childNodes)
  parent.append(mark)
}

/** Word's lists are paragraphs with a level and a marker; its languages are guesses; its empty paragraphs are space. */
function translateWord(body, pattern) {
  for (const found of body.querySelectorAll("[lang], [dir]")) {
    found.removeAttribute("lang")
    found.removeAttribute("dir")
  }
  const parents = new Set()
  for (const paragraph of body.querySelectorAll("p")) {
    const level = paragraph.dataset.style?.match(pattern.wordLevel)
    const marker = [...paragraph.querySelectorAll("[data-style]")].find((span) => pattern.wordMarker.test(span.dataset.style))
    if (level || marker) {
      const number = marker?.textContent.trim().match(pattern.number)
      marker?.remove()
      const item = listItem(body, { level: level?.[1], number: number?.[1], isNumbered: Boolean(number) })
      item.append(...paragraph.childNodes)
      paragraph.replaceWith(item)
      parents.add(item.parentElement)
    } else if (!paragraph.textContent.trim() && !paragraph.querySelector("img")) {
      paragraph.remove()
    }
  }
  parents.forEach(gatherLists)
}

/** An item that has no list yet. */
function listItem(within, { level = "1", number, isNumbered }) {
  const item = element(within, "li")
  Object.assign(item.dataset, { level, list: isNumbered ? "ol" : "ul", start: number ? western(number) : "1" })
  return item
}

const western = (number) => number.replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)

/** Put the items among these children into lists, a deeper one inside the item before it. */
function gatherLists(parent) {
  let open = []
  for (const child of [...parent.childNodes]) {
    if (child.nodeType === Node.COMMENT_NODE || (child.nodeType === Node.TEXT_NODE && !child.data.trim())) continue
    if (!child.dataset?.list) {
      open = []
      continue
    }
    const { level, list, start } = child.dataset
    while (open.length && (open.at(-1).level > level || (open.at(-1).level === level && open.at(-1).tag !== list))) open.pop()
    if (!open.length || open.at(-1).level < level) {
      const opened = element(parent, list, Number(start) > 1 ? { start: Number(start) } : {})
      if (open.length) open.at(-1).element.lastElementChild.append(opened)
      else child.before(opened)
      open.push({ level, tag: list, element: opened })
    }
    open.at(-1).element.append(child)
    for (const name of ["level", "list", "start"]) delete child.dataset[name]
  }
}

// Language

/** Languages and directions that only say again what the field is written in. */
function leaveOutRepetition(parent, field) {
  const primary = (language) => language.split("-")[0].toLowerCase()
  for (const element of parent.children) {
    if (primary(element.getAttribute("lang") || field.lang) !== primary(field.lang)) continue
    element.removeAttribute("lang")
    if ((element.getAttribute("dir") ?? field.dir).toLowerCase() !== field.dir) continue
    element.removeAttribute("dir")
    leaveOutRepetition(element, field)
  }
}
