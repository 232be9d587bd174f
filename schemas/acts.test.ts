import { expect, test } from 'vitest'
import { type ActName, acts, actsInWords } from './acts.ts'
import { operationGroups, operations } from './operations.ts'
import { isRead, type Operation } from './vocabulary/operation.ts'

const all = Object.values(operationGroups).flatMap((group: Record<string, Operation>) => Object.entries(group))

test('SEC13 every operation with which people change something is in the table of acts, and nothing else is', () => {
  const stated = all
    .filter(([, one]) => !isRead(one) && one.access !== 'anyone' && one.access.people !== undefined)
    .map(([name]) => name)
  expect(Object.keys(acts).toSorted()).toEqual(stated.toSorted())
  for (const [name, act] of Object.entries(acts)) expect(act.why.length, name).toBeGreaterThan(15)
})

test('SEC13 an act that a second person decides on says so in its problems, and names the version that it is for', () => {
  for (const [name, act] of Object.entries(acts)) {
    const stated: Operation = operations[name as ActName]
    if (act.needs === 'second')
      expect([stated.problems, stated.versionedBy], name).toEqual([
        expect.arrayContaining(['second-person-needed']),
        expect.any(String),
      ])
  }
})

test('SEC13 docs/second-person.md has the table as it is; `vitest -u` writes it anew', async () => {
  const rolesOf = (name: ActName) => {
    const { access } = operations[name]
    return access.people === 'any' ? 'any' : access.people.join(', ')
  }
  await expect(`${preface}\n${actsInWords(rolesOf)}`).toMatchFileSnapshot('../docs/second-person.md')
})

const preface = `# Which acts need a second person

Everybody who made or changed a thing has a hand in it, and keeps it. Its approver is a person of the DNO without a hand in it. Hands are
kept by account, never by name: a new name makes nobody a second person, nor does a namesake's hand bar anybody. A program cannot approve.

An act either **is** the decision of a second person (an application, a tender, a statement, a proposal), or it **waits as a proposal**:
what is in force stays until another person with the same right has approved. The proposal shows each value before and after. Its approver
names the version that they read (If-Match); if what it would change has changed meanwhile, the approval is a 412. A refused attempt of
somebody with a hand is in the audit trail.

An administrator may do what any role may, and counts as one person like everybody else. A new live system starts with one administrator,
who creates the other accounts alone: anyone who can create accounts could create a second one for themselves. Keep administrators few, and read the
audit entries \`account.created\` and \`account.changed\`, which name who created which account.

Applications, tenders and statements that were under way when this rule came have nobody on record: amend, evaluate or prepare them once
more before another person approves.

This table is written from \`schemas/acts.ts\`; an operation that is missing there does not compile.
`
