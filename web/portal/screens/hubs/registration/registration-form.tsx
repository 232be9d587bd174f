import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Proposal } from '../../../../../schemas/access/proposals.ts'
import type { HubForm, RegisteredHub } from '../../../../../schemas/grid/hubs.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../../shared/api/client.ts'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { SaveProblem } from '../../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { count } from '../../../../shared/format/power.ts'
import { isSameData } from '../../../../shared/same-data.ts'
import { useRefusal } from '../../../session.ts'
import { PointsEditor } from '../points/points-editor.tsx'
import { draftOf, type HubDraft, newHub, readHub } from './draft.ts'
import { Feeders } from './feeders.tsx'
import { PolledFields, ReachFields, SubjectFields } from './fields.tsx'
import styles from './registration.module.css'

interface RegistrationFormProps {
  hubId: string
  /** The hub as it is stored; `null` for a new one. */
  stored: RegisteredHub | null
  /** Begins again with what is stored. */
  onReload: () => void
  onSaved: (answer: Proposal | RegisteredHub) => Promise<void>
}

/** The registration of a hub. What its values mean waits for a second person; how it is reached is in force at once. */
export function RegistrationForm({ hubId, stored, onReload, onSaved }: RegistrationFormProps) {
  // The version that the form began with: whoever was faster in between is named, not overwritten.
  const [{ version, initial }, setBase] = useState(() => baseOf(stored))
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const refusal = useRefusal('operator', 'planner')
  const isSame = isSameData(initial, draft)
  // A form in which nothing was changed follows what is stored.
  if (isSame && stored && stored.etag !== version) {
    const base = baseOf(stored)
    setBase(base)
    setDraft(base.initial)
  }
  const release = useUnsavedGuard(!isSame)
  const { body, faults } = readHub(draft)
  const save = useMutation({
    mutationFn: (given: HubForm) => api.call(operations.registerHub, { params: { id: hubId }, body: given, version }),
    async onSuccess(answer) {
      release()
      await onSaved(answer)
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (body) save.mutate(body)
  }
  const refused = save.error instanceof ApiProblem ? (save.error.problem.errors ?? []) : []
  const fault = (field: string) =>
    tried ? (faults.get(field) ?? refused.find((error) => error.field === field)?.message) : undefined
  const set = (change: Partial<HubDraft>) => setDraft((before) => ({ ...before, ...change }))
  const common = { draft, fault, set }
  const needsTwo = isProposed(version === null, initial, draft)
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Section title="What it is, and what it monitors">
        <SubjectFields {...common} />
      </Section>
      <Section title="Feeders that it measures">
        <Feeders draft={draft} fault={fault} set={set} />
      </Section>
      <Section title="How it is reached">
        <ReachFields {...common} />
      </Section>
      <Section title="Who polls it, and how often">
        <PolledFields {...common} />
      </Section>
      <PointsEditor
        title="Points of its own"
        stored={initial.pointOverrides}
        points={draft.pointOverrides}
        refusal={refusal}
        fileName="points-of-one-hub"
        empty="None: every point means what the map of its model says."
        onChange={(pointOverrides) => set({ pointOverrides })}
      />
      {tried && faults.size > 0 && (
        <Notice tone="risk">{count(faults.size, 'field')} must be corrected before this can be saved.</Notice>
      )}
      {save.isError && <SaveProblem error={save.error} fields={shownFields} onReload={onReload} />}
      <div className={styles.save}>
        <Button
          type="submit"
          variant="filled"
          loading={save.isPending}
          disabled={refusal !== null || isSame}
          title={refusal ?? (isSame ? 'Nothing is changed yet.' : undefined)}
        >
          {labelOf(version === null, needsTwo)}
        </Button>
        <span className="rm-secondary">
          {needsTwo
            ? 'A second person has to approve what its points, its feeders and its certificate mean.'
            : 'In force at once; its gateway has it within a minute.'}
        </span>
      </div>
    </form>
  )
}

/** Fields that show what the server says of them. */
const shownFields: readonly (keyof HubDraft)[] = ['nodeId', 'host', 'tlsName', 'remoteAddress', 'pool']

function baseOf(stored: RegisteredHub | null): { version: string | null; initial: HubDraft } {
  return stored ? { version: stored.etag, initial: draftOf(stored) } : { version: null, initial: newHub() }
}

function labelOf(isNew: boolean, needsTwo: boolean): string {
  if (needsTwo) return isNew ? 'Propose this hub' : 'Propose the change'
  return isNew ? 'Register the hub' : 'Save the change'
}

/** Whether the server will ask for a second person: what values mean changes, or a new hub has points of its own. */
function isProposed(isNew: boolean, before: HubDraft, now: HubDraft): boolean {
  if (isNew) return now.pointOverrides.length > 0
  return !isSameData(meaningOf(before), meaningOf(now))
}

function meaningOf({ connectionId, nodeId, tlsName, pointMapName, pointOverrides, feeders }: HubDraft) {
  const byFeeder = feeders
    .map(({ key: _key, ...feeder }) => ({ ...feeder, feeder: feeder.feeder.trim() }))
    .toSorted((a, b) => Number(a.feeder) - Number(b.feeder))
  const byPoint = pointOverrides.toSorted((a, b) => a.group - b.group || a.index - b.index)
  return {
    connectionId,
    nodeId: nodeId.trim(),
    tlsName: tlsName.trim(),
    pointMapName,
    pointOverrides: byPoint,
    feeders: byFeeder,
  }
}
