// What a text may hold: the same elements as ALLOWED in sanitiser.py, so that opening a text and saving it changes nothing.

import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Extension, Gapcursor, HardBreak, Heading, History, HorizontalRule,
  Italic, Link, ListItem, Mark, Node, OrderedList, Paragraph, Plugin, Table, TableCell, TableHeader, TableRow, Text, pm,
  wrappingInputRule,
} from "django-prose-editor/editor"
import { fromHTML, fromText, isInline } from "richtext/paste"

export function extensions(site) {
  const isAllowedUri = (address) => new RegExp(site.patterns.address, "i").test(address)
  return [
    Document, Paragraph, Text, Blockquote, Bold, BulletList, Dropcursor, Gapcursor, HardBreak, History, HorizontalRule,
    Italic, ListItem, Table, TableRow, Headings, Numbered, Language, LanguageOfBlocks,
    Link.extend({ addKeyboardShortcuts: null }).configure({ enableTarget: false, defaultProtocol: "https", isAllowedUri }),
    plainCell(TableCell), plainCell(TableHeader), picture(site), paste(site),
  ]
}

/** Three levels below the page's title; what comes with others is read as the nearest. */
const Headings = Heading.configure({ levels: [2, 3, 4] }).extend({
  parseHTML: () => [2, 2, 3, 4, 4, 4].map((level, position) => ({ tag: `h${position + 1}`, attrs: { level } })),
})

const Numbered = OrderedList.extend({
  addAttributes() {
    return { start: this.parent().start }
  },
  addInputRules() {
    return [wrappingInputRule({ find: /^[1١][.)-]\s$/, type: this.type })]
  },
  addNodeView: null,
})

const plainCell = (Cell) =>
  Cell.extend({
    addAttributes() {
      const { colspan, rowspan, colwidth } = this.parent()
      return { colspan, rowspan, colwidth: { ...colwidth, parseHTML: () => null } }
    },
  })

/** A passage in another language than the text around it. */
const Language = Mark.create({
  name: "language",
  exitable: true,
  addAttributes: () => ({ lang: { default: null }, dir: { default: null } }),
  parseHTML: () => [{ tag: "span[lang]" }, { tag: "span[dir]" }, { tag: "bdi[lang]" }, { tag: "bdi[dir]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
})

const LanguageOfBlocks = Extension.create({
  name: "languageOfBlocks",
  addGlobalAttributes: () => [
    {
      types: ["paragraph", "heading", "blockquote", "listItem", "tableCell", "tableHeader"],
      attributes: { lang: { default: null }, dir: { default: null } },
    },
  ],
})

/** A picture of the site with its alternative text; its content is the caption, which may be empty. */
const picture = ({ patterns, words }) => {
  const attributesOf = (image) => {
    const src = image?.getAttribute("src")
    return src && new RegExp(patterns.picture).test(src) ? { src, alt: image.getAttribute("alt") ?? "" } : false
  }
  return Node.create({
    name: "picture",
    group: "block",
    content: "inline*",
    draggable: true,
    isolating: true,
    addAttributes: () => ({ src: { rendered: false }, alt: { rendered: false } }),
    parseHTML: () => [
      {
        tag: "figure",
        getAttrs: (figure) => attributesOf(figure.querySelector("img")),
        contentElement: (figure) => figure.querySelector("figcaption") ?? document.createElement("figcaption"),
      },
      { tag: "img", getAttrs: attributesOf },
    ],
    renderHTML: ({ node }) => [
      "figure",
      ["img", { src: node.attrs.src, alt: node.attrs.alt }],
      ["figcaption", { "data-label": words.caption }, 0],
    ],
  })
}

const paste = (site) =>
  Extension.create({
    name: "cleanPaste",
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          transformPastedHTML: (html) => fromHTML(html, site),
          clipboardTextParser: (text, context, _isPlain, view) =>
            pm.model.DOMParser.fromSchema(view.state.schema).parseSlice(fromText(text, site), { context }),
          // A message copied in WhatsApp's web page is one span; its lines are in the plain text beside it.
          handlePaste(view, event) {
            const [html, text] = ["text/html", "text/plain"].map((type) => event.clipboardData?.getData(type) ?? "")
            return html && isInline(html) && text.trim().includes("\n") ? view.pasteText(text) : false
          },
        },
      }),
    ],
  })
