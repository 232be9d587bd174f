import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type ConnectionGroup, newConnectionGroup } from '../../../../schemas/grid/groups.ts'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { count } from '../../../shared/format/power.ts'
import { wordsIn } from '../../../shared/typed-lists.ts'
import { connectionGroupsQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { NodeField } from '../network/node-field.tsx'
import styles from '../targets/targets.module.css'

const shape = newConnectionGroup.shape

/** What is wrong with MPANs that were typed; `undefined` if nothing is. */
function mpansFault(mpans: readonly string[]): string | undefined {
  if (mpans.length === 0) return 'Enter at least one MPAN.'
  const wrong = mpans.find((each) => !shape.mpans.element.safeParse(each).success)
  if (wrong !== undefined) return `“${wrong}” is not an MPAN: it has 13 digits.`
  return mpans.length > 10_000 ? 'Enter at most 10,000 MPANs at a time.' : undefined
}

/** What the server says of a field. */
function refusalOf(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined
  const told = error.problem.errors?.find((each) => each.field === field)?.message
  // A name that is taken is a conflict, whose words begin with the field.
  if (told === undefined && field === 'name' && error.kind === 'conflict')
    return 'There is a group of this name already.'
  return told
}

/** Makes a group of the connections of some MPANs. @param onDone is given the new group’s identifier */
export function NewGroup({ onDone }: { onDone: (groupId: string) => void }) {
  const [draft, setDraft] = useState({ name: '', nodeId: '', mpans: '' })
  const [tried, setTried] = useState(false)
  // Pressing the button twice makes one group.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const queries = useQueryClient()
  const release = useUnsavedGuard(Object.values(draft).some((text) => text !== ''))
  const body = { name: draft.name.trim(), nodeId: draft.nodeId.trim(), mpans: wordsIn(draft.mpans) }
  const make = useMutation({
    mutationFn: () => api.call(operations.makeConnectionGroup, { body, idempotencyKey }),
    async onSuccess({ groupId }) {
      release()
      await queries.invalidateQueries({ queryKey: connectionGroupsQuery.queryKey })
      onDone(groupId)
    },
  })
  const faults: Record<keyof typeof draft, string | undefined> = {
    name: shape.name.safeParse(body.name).success ? undefined : 'Give it a name of 3 to 100 letters.',
    nodeId: shape.nodeId.safeParse(body.nodeId).success
      ? undefined
      : 'Choose the node that all of them are fed through.',
    mpans: mpansFault(body.mpans),
  }
  const fault = (field: keyof typeof draft) => (tried ? (faults[field] ?? refusalOf(make.error, field)) : undefined)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.values(faults).every((each) => each === undefined)) make.mutate()
  }
  const isTold = make.error !== null && ['name', 'nodeId', 'mpans'].some((field) => refusalOf(make.error, field))
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Field
          label="Name"
          hint="Such as Homes of Almeida Street."
          maxLength={100}
          fault={fault('name')}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <NodeField
          label="Fed through"
          hint="All of its connections are at or below this node."
          value={draft.nodeId}
          fault={fault('nodeId')}
          onChange={(nodeId) => setDraft((before) => ({ ...before, nodeId }))}
        />
      </Fields>
      <MpansField value={draft.mpans} fault={fault('mpans')} onChange={(mpans) => setDraft({ ...draft, mpans })} />
      {make.isError && !isTold && <SaveProblem error={make.error} fields={[]} onReload={() => make.reset()} />}
      <div className={styles.actions}>
        <Button
          type="submit"
          variant="filled"
          loading={make.isPending}
          disabled={refusal !== null}
          title={refusal ?? undefined}
        >
          Make the group
        </Button>
      </div>
    </form>
  )
}

/** Adds the connections of some MPANs to a group. */
export function GroupMembers({ group }: { group: ConnectionGroup }) {
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const queries = useQueryClient()
  const mpans = wordsIn(text)
  const add = useMutation({
    mutationFn: () => api.call(operations.addToConnectionGroup, { params: { id: group.groupId }, body: { mpans } }),
    async onSuccess() {
      setText('')
      setTried(false)
      await queries.invalidateQueries({ queryKey: connectionGroupsQuery.queryKey })
    },
  })
  const fault = mpansFault(mpans)
  const told = refusalOf(add.error, 'mpans')
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fault === undefined) add.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <MpansField value={text} fault={tried ? (fault ?? told) : undefined} onChange={setText} />
      {add.isError && told === undefined && <SaveProblem error={add.error} fields={[]} onReload={() => add.reset()} />}
      {add.isSuccess && text === '' && <Notice>The group now has {count(add.data.connections, 'connection')}.</Notice>}
      <div className={styles.actions}>
        <Button type="submit" loading={add.isPending} disabled={refusal !== null} title={refusal ?? undefined}>
          Add them to the group
        </Button>
      </div>
    </form>
  )
}

interface MpansFieldProps {
  value: string
  fault: string | undefined
  onChange: (text: string) => void
}

function MpansField({ value, fault, onChange }: MpansFieldProps) {
  return (
    <Textarea
      size="sm"
      label="MPANs"
      description="Of the connections, 13 digits each, one per line or side by side."
      autosize
      minRows={3}
      maxRows={10}
      spellCheck={false}
      error={fault}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
