"""Rich text: what HTML an editor may write.

    fields.RichTextField        the model's field; use it like a TextField, also under modeltranslation
    sanitiser.clean             any HTML or plain text → the site's own HTML; on every way in
    sanitiser.plain_text        the site's own HTML → its words, for search, summaries and feeds
    widgets.RichTextWidget      the toolbar, in the language of the desk

The editor is Tiptap (ProseMirror) as django-prose-editor bundles it, served by this site; schema, toolbar and paste are
the room's own modules in static/richtext/. Without JavaScript the field is a textarea with HTML in it.

What settings.py needs:

- INSTALLED_APPS: "js_asset", "django_prose_editor" (both for their static files), "conference_site.richtext".
  No setting of django-prose-editor itself: its presets, extensions and widgets are not used.
- For the desk's Content-Security-Policy, with nonces: ContentSecurityPolicyMiddleware, the context processor
  "django.template.context_processors.csp", and in SECURE_CSP script-src CSP.SELF and CSP.NONCE (the import map is an
  inline script, which ``{% csp_nonce_attr media %}`` in the admin's templates gives its nonce), style-src CSP.SELF,
  font-src CSP.SELF (the icons), img-src CSP.SELF. No style hash: Tiptap's injected style sheet is switched off, its
  rules stand in richtext.css. No unsafe-inline, no unsafe-eval.

The admin gives each translated column's widget its own ``lang`` and ``dir`` (``widget.attrs``); the editor, its dialogs
and the choice of languages to mark follow them.
"""
