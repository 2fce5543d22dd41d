"""The content check: what an editor is told of a text that is about to be published.

reading.Reading             a text, plain or rich, as rules read it
rules.check                 what the rules find in it; arabic.py has the lists, which tests of the interface's texts share
names.Names                 names in another form than the official one, by the editors' rows
remarks.remarks             the same for all texts of a working copy, without what an editor has said is right
remarks.with_fix            the working copy after a fix
"""
