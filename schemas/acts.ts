import type { operations } from './operations.ts'

type All = typeof operations

/** Names of the operations with which people of the DNO change something. */
export type ActName = {
  [K in keyof All]: All[K] extends { method: 'get' } ? never : All[K]['access'] extends { people: unknown } ? K : never
}[keyof All]

/**
 * How many people an act needs.
 * - `one`: it is done at once by one person.
 * - `second`: it is itself the decision of a second person, who has no hand in the thing.
 * - `proposal`: it waits as a proposal until a second person approves it; `oneIf` says which of its cases do not wait.
 */
export type Act = { readonly on: string; readonly why: string } & (
  | { readonly needs: 'one' | 'second' }
  | { readonly needs: 'proposal'; readonly oneIf: string | null }
)

const one = (on: string, why: string): Act => ({ needs: 'one', on, why })
const second = (on: string, why: string): Act => ({ needs: 'second', on, why })
const proposal = (on: string, why: string, oneIf: string | null = null): Act => ({ needs: 'proposal', on, why, oneIf })

/** A hand in an application, which another person decides on. */
const applies = one('profile', 'It changes no limit: it is a hand in the application, which another person approves.')
const plans = 'It stays within what contracts and limits allow, is kept by version, and is changed again at any time.'
const studies = 'It is a study: nothing is agreed, limited or paid by it, and what it came from is kept.'
const handles = 'It handles an alarm, which stays on record with who did what.'

/**
 * Every act of people at the DNO, with how many people it needs and why (FM16; ASVS 5.0 2.3.5). An operation that is not listed does
 * not compile. Two people are for what moves money, what limits are in force, where instructions go, who is let in, and what a
 * measurement means; one person is for what has to be quick, what only prepares, and what anybody can undo.
 */
export const acts: Readonly<Record<ActName, Act>> = {
  changeAccount: one(
    'account',
    'An administrator alone has to get a new system going, and has to shut somebody out at once. It ends the sessions of the account and is audited: administrators are few, and their entries are read.',
  ),
  setAccountAccess: one('account', 'Shutting somebody out cannot wait, and letting them in again restores what was.'),
  resetSecondFactor: one(
    'account',
    'Its person stands at the desk with proof of who they are, which is kept; nobody resets their own.',
  ),
  endAccountSession: one('account', 'It only ends a session; its person logs in again.'),
  endAccountSessions: one('account', 'It only ends sessions; their person logs in again.'),
  setClientAccess: one(
    'client',
    'Shutting a client out cannot wait. An FSP’s client comes with its acceptance, which needs two.',
  ),
  makeClient: one(
    'client',
    'It is a gateway’s, a customer’s or a data provider’s: two people approve what measurements mean (point maps) and which sites a customer has; what a data provider delivers is of a study.',
  ),
  addClientKey: one('client', 'Its owner rotates its keys; rights and reach stay as they are.'),
  addClientSecret: one('client', 'Its owner rotates its secrets; rights and reach stay as they are.'),
  endClientCredential: one('client', 'It only takes access away, and a key that is lost cannot wait.'),
  revokeTokens: one('client', 'It only takes access away; the client fetches new tokens.'),
  verifyAudit: one('audit trail', 'It only reads the trail, and adds the outcome to it.'),

  saveCustomer: one('customer', 'It is a name and where it is told of new versions; it shows nothing to anybody.'),
  saveCustomerSites: proposal(
    'customer',
    'Whoever acts for the customer sees the load and the limits of its sites, and applies for them.',
    'it only takes sites away',
  ),

  saveDataProvider: one(
    'data provider',
    'It is a name and a contact: it delivers nothing before its feeds are agreed.',
  ),

  approveProposal: second('proposal', 'It is the decision of the second person on what another proposed.'),
  rejectProposal: second('proposal', 'Everything stays as it is; its proposer withdraws it instead.'),
  withdrawProposal: one('proposal', 'Its proposer takes it back: everything stays as it is.'),

  changeSetting: proposal('setting', 'Its figures decide what is paid, what a node may carry and what is dispatched.'),

  importNetwork: one(
    'network',
    'The file comes from the network model, is tried out first, and keeps every layout that it replaces.',
  ),
  registerConnection: one(
    'connection',
    'Its customer gains nothing that was not there before: capacity is agreed in the connection agreement, and profiles need two.',
  ),
  makeConnectionGroup: one(
    'connection group',
    'It names connections that are there; what an FU may do follows from contracts.',
  ),
  addToConnectionGroup: one(
    'connection group',
    'It names connections that are there; what an FU may do follows from contracts.',
  ),
  importConnections: one(
    'connection',
    'The file is tried out first, names every field that it changes, and cannot change an agreed capacity.',
  ),
  changeCapacities: proposal(
    'connection',
    'Agreed capacity and power factor are the limit in force where no profile is.',
    'every connection has these capacities already',
  ),
  changeMasterData: proposal(
    'connection',
    'Agreed capacity and power factor are the limit in force where no profile is.',
    'neither of the two changes',
  ),
  applyForProfile: applies,
  uploadDemandSchedule: applies,
  applyForUnitProfile: applies,
  uploadUnitDemandSchedule: applies,
  amendProfile: one(
    'profile',
    'It is a hand in the application: the person who amends it cannot approve it, whatever others change later.',
  ),
  approveProfile: second('profile', 'It puts limits in force that customers keep to and are warned by.'),
  rejectProfile: one('profile', 'Limits in force stay as they are; it needs a reason.'),
  previewProfile: one('profile', 'It changes nothing.'),
  saveDnoGroup: one('network', 'It is a name of a list, kept by version.'),
  removeDnoGroup: one('network', 'Only a group without areas goes, and it is added again at any time.'),
  saveLicenceArea: one('network', 'It is an entry of a list, kept by version; what is in the area stays in it.'),
  removeLicenceArea: one('network', 'Only an area in which nothing is goes, and it is added again at any time.'),
  saveLayout: one('network', 'It says how a file is read; what a file changes is shown before it is imported.'),
  removeLayout: one('network', 'What was imported by it stays.'),
  uploadLoadHistory: one('network', 'It is what was measured, for assessments that two people decide on.'),
  registerMonitor: one(
    'monitor',
    'It gives a customer’s monitor its own client, which can write for that monitor only.',
  ),
  renewMonitorSecret: one('monitor', 'A secret that leaked is replaced at once.'),
  savePool: one('gateway pool', 'It says which gateways share hubs, so that a dead one is replaced at once.'),
  registerHub: proposal(
    'hub',
    'What its points mean, whose import its feeders are and the name in its certificate decide on breaches and on payments.',
    'it changes only how the hub is reached, or registers a new one with the points of its model',
  ),
  saveInstallation: one('hub', 'It says what stands where; earlier versions stay, and no figure follows from it.'),
  addDocument: one('hub', 'It is a paper about the hub; its digest and who added it are on record.'),
  removeDocument: one('hub', 'Its name, digest and who removed it stay on record.'),
  savePointMap: proposal(
    'point map',
    'Scales and signs of its points decide on breaches and on payments, for every hub of the model.',
  ),
  acknowledgeAlarm: one('alarm', handles),
  shelveAlarm: one('alarm', handles),
  unshelveAlarm: one('alarm', handles),
  takeOutOfService: one('alarm', handles),
  putInService: one('alarm', handles),
  takeAlarm: one('alarm', handles),
  addAlarmTarget: one('alarm target', 'More people are notified; a notice holds nothing confidential to an FSP.'),
  changeAlarmTarget: one('alarm target', 'People who leave or arrive are taken off or put on at once.'),
  retryAlarmNotice: one('alarm notice', 'It sends again what was to be sent.'),
  registerFeed: one('feed', 'It says when a file is due; a late one is only alarmed.'),
  deliverToFeed: one('feed', 'It records that a file came.'),

  uploadLoads: one('load forecast', plans),
  saveLoadForecast: one('load forecast', plans),
  setTargetLevel: one('target level', plans),
  setNodeTerms: one('target level', plans),
  uploadWeather: one('load forecast', plans),
  saveDynamicTerms: proposal('connection', 'Its floor and its nodes decide what the customer may import.'),
  issueDynamicLimits: one(
    'dynamic limits',
    'It follows from forecasts and from contracts that two people entered, and it is issued again at any time.',
  ),

  importDemandEdition: one('demand edition', studies),
  makeSyntheticTrips: one('demand edition', studies),
  startTripRun: one('demand run', studies),
  startNetworkRun: one('demand run', studies),
  repeatDemandRun: one('demand run', studies),
  cancelDemandRun: one('demand run', studies),
  estimateFleet: one('demand run', 'It computes an answer from the caller’s file, and stores nothing.'),

  saveDataFeed: one(
    'data feed',
    'It says what a data provider may deliver, for studies; a customer opens each site of its own itself.',
  ),
  deliverDataFile: one('data feed', studies),
  replayDelivery: one('data feed', studies),

  decideOnAuthority: one(
    'authority',
    'An FSP applied for it with evidence: the DNO’s person is the second already, and has no hand in what an FSP writes.',
  ),
  registerServiceToOthers: one(
    'unit',
    'It states what happens anyway, with what shows it; the statements that its event days move need two.',
  ),
  endServiceToOthers: one('unit', 'It states what happens anyway; the statements that its event days move need two.'),
  sendFspNoticeAgain: one('notice to an FSP', 'It sends again what was to be sent, to where its FSP has it sent.'),
  decideOnAuthorityApplication: one(
    'authority',
    'As for one MPAN; what another FSP holds, and what nobody holds, is left for a decision of its own.',
  ),
  endAuthority: one('authority', 'It only takes access away; the FSP applies again.'),
  decideOnApplication: proposal(
    'FSP',
    'It lets a company in, with the address that its instructions go to.',
    'it rejects the application',
  ),
  setDispatchRoute: proposal(
    'FSP',
    'It redirects instructions: their recipient knows and controls what is turned down.',
  ),
  createProduct: one('product', 'Nothing is bought or paid by it before there are contracts, which need two.'),
  changeProduct: proposal('product', 'Its price rule and payment scheme decide what is paid.'),
  changeTimetable: proposal(
    'timetable',
    'Its gates and windows decide which offers count and what is dispatched; under pressure operators have manual schedules and stops.',
  ),
  draftDemandTender: one('tender', 'It is a hand in the tender; nothing is agreed before the award.'),
  draftTender: one('tender', 'It is a hand in the tender; nothing is agreed before the award.'),
  publishTender: one('tender', 'It asks for offers and agrees to nothing; it is a hand in the tender.'),
  withdrawTender: one('tender', 'It agrees to nothing, and spends nothing.'),
  evaluateTender: one('tender', 'It proposes an award and is a hand in the tender.'),
  awardTender: second(
    'tender',
    'It makes contracts, and so spends money. The approver neither drafted, published nor evaluated it.',
  ),
  enterStandingContract: proposal('contract', 'It agrees prices for years without a tender, and so spends money.'),
  releaseReserve: one(
    'contract',
    'It gives up reserve before its day begins, as the contract allows; it is urgent and pays nothing more.',
  ),
  submitSchedule: one('schedule', plans),
  uploadSchedules: one('schedule', plans),

  saveManualSchedule: one('dispatch schedule', plans),
  selectDispatchSchedule: one('dispatch schedule', plans),
  optimise: one('optimisation', plans),
  saveExperiment: one(
    'experiment',
    'It is a record: no limit, schedule or switch changes by it, and every version is audited.',
  ),
  moveExperiment: one('experiment', 'Halting cannot wait, and no move changes a limit, a schedule or a switch.'),
  makePseudoNetwork: one('rehearsal', 'It is a made-up network.'),
  rehearse: one('rehearsal', 'It sends nothing.'),
  adoptRehearsal: one('dispatch schedule', plans),
  confirmInstruction: one('instruction', 'It records what an FSP said by telephone, while the instruction runs.'),
  saveFailSafePolicy: one('connection', 'It protects the network: a protection never waits.'),
  confirmImportLimit: one('import limit', 'It records what an FSP said by telephone, while the limit runs.'),
  issueReserve: one(
    'instruction',
    'It makes good what is missing while the instruction runs, within what contracts and limits allow; a second person would come too late.',
  ),
  stopDispatch: one('emergency stop', 'By intent: safety never waits for a second person.'),
  liftStop: one(
    'emergency stop',
    'It lets go on what contracts and schedules say anyway, and the next stop takes one person and a second.',
  ),

  stateUnitMeter: proposal(
    'meter',
    'Which meters an FU is the sum of decides what it is metered at, and so what is paid.',
  ),
  decideOnHeldUpload: proposal('held meter data', 'It pays by data that look wrong.', 'it rejects the upload'),
  prepareStatement: one('statement', 'It is a hand in the statement, which another person approves.'),
  moveStatement: second(
    'statement',
    'An approval releases money: the approver neither prepared nor checked the statement. One person checks, returns, and issues what was approved; a check is a hand.',
  ),
  raiseDispute: one('dispute', 'It asks a question.'),
  decideOnDispute: one(
    'dispute',
    'It answers a question: money changes only by a new statement, which another person approves.',
  ),
  setSettlementTerms: proposal('contract', 'Baseline and scheme decide what every later statement pays.'),
}

/** How an act is shown in the table. */
function cellsOf(name: string, act: Act, roles: string): string {
  const needs = {
    one: 'one',
    second: '**two**: it is the second’s decision',
    proposal: '**two**: it waits as a proposal',
  }[act.needs]
  const unless = act.needs === 'proposal' && act.oneIf !== null ? `; one if ${act.oneIf}` : ''
  return `| ${act.on} | \`${name}\` | ${roles} | ${needs}${unless} | ${act.why} |`
}

/** The table as Markdown. @param rolesOf who may do an act. */
export function actsInWords(rolesOf: (name: ActName) => string): string {
  const entries = Object.entries(acts) as [ActName, Act][]
  return [
    '| on | act | who | people | why |',
    '| --- | --- | --- | --- | --- |',
    ...entries.map(([name, act]) => cellsOf(name, act, rolesOf(name))),
    '',
  ].join('\n')
}
