// A Yjs replica driven over standard input: one JSON command a line in, one JSON answer a line out.
const Y = require('yjs')
const readline = require('node:readline')

const doc = new Y.Doc()
doc.clientID = Number(process.argv[2])
const body = doc.getText('body')
let made = []
doc.on('update', (update, origin) => { if (origin === 'own') made.push(update) })

const encode = bytes => Buffer.from(bytes).toString('base64')
const decode = text => new Uint8Array(Buffer.from(text, 'base64'))

const commands = {
  // Positions are UTF-16 units, as in a browser's editor.
  insert: ({ index, text }) => { doc.transact(() => body.insert(index, text), 'own') },
  delete: ({ index, length }) => { doc.transact(() => body.delete(index, length), 'own') },
  apply: ({ update }) => { Y.applyUpdate(doc, decode(update), 'remote') },
  take: () => {
    const update = made.length ? encode(made.length === 1 ? made[0] : Y.mergeUpdates(made)) : null
    made = []
    return update
  },
  text: () => body.toString(),
  pending: () => doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
  // Every letter there ever was, in its place: [client, clock, length].
  order: () => {
    const found = []
    for (let item = body._start; item !== null; item = item.right) found.push([item.id.client, item.id.clock, item.length])
    return found
  },
  vector: () => encode(Y.encodeStateVector(doc)),
  difference: ({ vector }) => encode(Y.encodeStateAsUpdate(doc, decode(vector)))
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  const command = JSON.parse(line)
  process.stdout.write(JSON.stringify(commands[command.do](command) ?? null) + '\n')
})
