// AT Protocol servers on loopback with invented accounts, for tests/test_real_atproto.py; started by .ci/atproto.
// Run in a folder that holds @atproto/dev-env. PGURL names an empty PostgreSQL database, APPVIEW_PORT the port of the
// AppView. Prints one line once everything is indexed, then serves until it is ended.
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { TestBsky, TestPds, TestPlc, mockNetworkUtilities } = createRequire(join(process.cwd(), 'x.js'))('@atproto/dev-env')

const HOUR = 3600000
const began = Date.now()
const ago = (hours) => new Date(began - hours * HOUR).toISOString()

async function account(pds, name, profile) {
  const agent = pds.getClient()
  const login = { handle: `${name}.test`, email: `${name}@example.org`, password: 'only-on-loopback' }
  await agent.createAccount(login)
  const did = agent.session.did
  const put = (collection, rkey, record) =>
    agent.com.atproto.repo.putRecord({ repo: did, collection, rkey, record: { $type: collection, ...record } })
  if (profile) await put('app.bsky.actor.profile', 'self', { createdAt: ago(1000), ...profile })
  const post = async (text, hours, parent, root) => {
    const reply = parent ? { reply: { root: root ?? parent, parent } } : {}
    const record = { $type: 'app.bsky.feed.post', text, createdAt: ago(hours), ...reply }
    const made = await agent.com.atproto.repo.createRecord({ repo: did, collection: 'app.bsky.feed.post', record })
    return { uri: made.data.uri, cid: made.data.cid }
  }
  return { did, post }
}

async function seed(pds) {
  const own = await account(pds, 'lotsenhaus', {
    displayName: 'Lotsenhaus Quellstadt',
    description: 'Beratung in Quellstadt. Mehr auf www.lotsenhaus-quellstadt.example',
  })
  const person = await account(pds, 'ratsuchend')
  const other = await account(pds, 'lotsenhaus-gewinn', {
    displayName: 'Lotsenhaus Quellstadt',
    description: 'Gewinnspiele jeden Tag',
  })
  const quiet = await account(pds, 'ruhend', { displayName: 'Ruhender Treff' })
  await account(pds, 'leer')
  const news = await own.post('Schuldnerberatung: offene Sprechstunde auch am Abend.', 72)
  const question = await person.post('Wann ist der nächste freie Termin?', 48, news)
  await own.post('Donnerstag um 18:30 Uhr.', 46, question, news)
  await person.post('Wo finde ich die Räume?', 40, news)
  const thanks = await person.post('Vielen Dank für alles!', 39, news)
  await own.post('Gern.', 38, thanks, news)
  await other.post('Heute schon gewonnen', 5)
  await quiet.post('Frohes neues Jahr', 9000)
}

async function main() {
  const plc = await TestPlc.create({})
  const pds = await TestPds.create({ didPlcUrl: plc.url })
  const bsky = await TestBsky.create({
    plcUrl: plc.url,
    pdsPort: pds.port,
    repoProvider: `ws://localhost:${pds.port}`,
    dbPostgresSchema: 'appview',
    dbPostgresUrl: process.env.PGURL,
    port: Number(process.env.APPVIEW_PORT),
  })
  mockNetworkUtilities(pds, bsky)
  await seed(pds)
  await pds.processAll()
  await bsky.sub.processAll()
  console.log('ready')
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
