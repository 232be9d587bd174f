import { operations } from '../../schemas/operations.ts'
import type { Answer, Client } from './client.ts'
import type { TestServer } from './server.ts'

/** A person with every right and no hand in anything, who approves what others propose. */
export function secondPerson(server: Pick<TestServer, 'account'>): Promise<Client> {
  return server.account({ username: 'petra.second', fullName: 'Petra Second', roles: ['administrator'] })
}

/** Has a second person approve what a call proposed; the answer of the approval. A call that was refused is an error. */
export async function agreed(second: Client, asked: Answer | Promise<Answer>): Promise<Answer> {
  const { status, body } = await asked
  if (status !== 200 || !body.proposalId) throw new Error(`not a proposal: ${status} ${JSON.stringify(body)}`)
  const approval = await second.ask(operations.approveProposal, {
    params: { id: body.proposalId },
    version: body.version,
    body: {},
  })
  if (approval.status !== 200) throw new Error(`not approved: ${approval.status} ${JSON.stringify(approval.body)}`)
  return approval
}

/**
 * A change by two people: if a call answered with a proposal, a second person approves it and `read` shows the outcome; anything else is
 * the answer itself.
 */
export async function byTwo(second: Client, asked: Promise<Answer>, read: () => Promise<Answer>): Promise<Answer> {
  const answer = await asked
  if (answer.status !== 200 || !answer.body.proposalId) return answer
  await agreed(second, answer)
  return read()
}

/** Has a second person approve whatever waits about a thing. */
export async function approveWaiting(second: Client, subjectId: string): Promise<void> {
  const { body } = await second.ask(operations.listProposals, { query: { state: 'waiting', subjectId } })
  for (const waiting of body.items) await agreed(second, { status: 200, body: waiting, headers: new Headers() })
}

/** Moves a statement as it is now. */
export async function moveStatement(who: Client, id: string, event: string): Promise<Answer> {
  const { body } = await who.ask(operations.readStatement, { params: { id } })
  return who.ask(operations.moveStatement, { params: { id }, body: { event }, version: body.version ?? 1 })
}
