// Peers that run in node, measured by their own processor time: texts on the standard input, medians on the output.
import { diffWords } from "diff"
import { Schema } from "prosemirror-model"
import { Transform } from "prosemirror-transform"
import { ChangeSet, simplifyChanges } from "prosemirror-changeset"
import { readFileSync } from "node:fs"

const schema = new Schema({ nodes: { doc: { content: "paragraph+" }, paragraph: { content: "text*" }, text: {} } })
const count = text => (text.match(/[\p{L}\p{N}]+/gu) || []).length
const made = texts => schema.node("doc", null, texts.map(text => schema.node("paragraph", null, text ? [schema.text(text)] : [])))

function words({ old, new: changed }) {
  return diffWords(old.join("\n\n"), changed.join("\n\n")).filter(part => part.added || part.removed)
    .reduce((sum, part) => sum + count(part.value), 0)
}

function changeset({ old, new: changed }) {
  const from = made(old), to = made(changed)
  const all = new Transform(from).replaceWith(0, from.content.size, to.content)
  const changes = simplifyChanges(ChangeSet.create(from).addSteps(all.doc, all.mapping.maps, null).changes, all.doc)
  return changes.reduce((sum, c) => sum + count(from.textBetween(c.fromA, c.toA, " ")) + count(all.doc.textBetween(c.fromB, c.toB, " ")), 0)
}

const given = JSON.parse(readFileSync(0, "utf8")), found = {}
for (const [name, run] of Object.entries({ "jsdiff, diffWords": words, "ProseMirror changeset": changeset })) {
  const times = []
  let shown = 0
  for (let round = 0; round < given.rounds; round++) {
    const begun = process.cpuUsage()
    shown = run(given)
    const { user, system } = process.cpuUsage(begun)
    times.push((user + system) / 1000)
  }
  found[name] = [times.sort((a, b) => a - b)[given.rounds >> 1], shown]
}
console.log(JSON.stringify(found))
