import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  type Connection,
  type ConnectionForm,
  type ConnectionMaster,
  connectionForm,
} from '../../../../schemas/grid/connections.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Facts, Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { fixed, kw } from '../../../shared/format/power.ts'
import { exportText } from '../../../shared/format/words.ts'
import { masterDataQuery } from '../../grid-queries.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import { useRefusal } from '../../session.ts'
import { WaitingFor } from '../proposals/proposal-view.tsx'
import styles from '../targets/targets.module.css'

/** What a connection is authorised to import and export, and the form that proposes other capacities. */
export function Capacities({ site }: { site: Connection }) {
  const query = useQuery(masterDataQuery(site.connectionId))
  const refusal = useRefusal('planner')
  const [isChanging, setChanging] = useState(false)
  return (
    <Section
      title="Authorised capacities"
      actions={
        <Button
          disabled={refusal !== null || !query.data}
          title={refusal ?? undefined}
          onClick={() => setChanging(true)}
        >
          Change the capacities
        </Button>
      }
    >
      <Loaded query={query}>
        {(master) => (
          <Stack>
            <WaitingFor subjectId={site.connectionId} operation="changeMasterData" />
            <Facts
              items={[
                [
                  'Supply',
                  `${fixed(master.ascKva, 0)} kVA, so at most ${kw(master.ascKva * 1_000 * master.powerFactor)}`,
                ],
                ['Export', exportText(site)],
                ['Power factor', String(master.powerFactor)],
              ]}
            />
            <Modal opened={isChanging} onClose={() => setChanging(false)} title="Change the capacities" size={560}>
              {isChanging && <CapacitiesForm master={master} onDone={() => setChanging(false)} />}
            </Modal>
          </Stack>
        )}
      </Loaded>
    </Section>
  )
}

/** The figures as they are typed. An empty export capacity is not stated, which is not 0. */
interface Draft {
  ascKva: string
  exportKva: string
  powerFactor: string
}

function CapacitiesForm({ master, onDone }: { master: ConnectionMaster; onDone: () => void }) {
  // The version that the form began with: whoever was faster in between is named, not overwritten (decision 67).
  const [{ connectionId, etag, ...before }] = useState(master)
  const [draft, setDraft] = useState<Draft>({
    ascKva: String(before.ascKva),
    exportKva: before.exportKva === null ? '' : String(before.exportKva),
    powerFactor: String(before.powerFactor),
  })
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const read = connectionForm.safeParse({ ...before, ...figuresOf(draft) })
  const reload = async () => {
    await queries.invalidateQueries({ queryKey: ['connection', connectionId] })
    onDone()
  }
  const propose = useMutation({
    mutationFn: (body: ConnectionForm) =>
      api.call(operations.changeMasterData, { params: { id: connectionId }, body, version: etag }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: waitingQuery.queryKey })
      await reload()
    },
  })
  const fault = faultsOf(tried, read, propose.error)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) propose.mutate(read.data)
  }
  const field = (name: keyof Draft, given: { label: string; unit?: string; hint: string; wrong: string }) => {
    const { wrong, ...rest } = given
    return (
      <Field
        {...rest}
        inputMode="decimal"
        value={draft[name]}
        fault={fault(name) && wrong}
        onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
      />
    )
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <p>The limits in force follow from these figures. A second person has to approve them.</p>
      <Fields>
        {field('ascKva', {
          label: 'Supply capacity',
          unit: 'kVA',
          hint: 'The import limit where no profile is in force.',
          wrong: 'must be 1 to 100,000 kVA',
        })}
        {field('exportKva', {
          label: 'Export capacity',
          unit: 'kVA',
          hint: 'Empty: not stated, so nothing is limited. 0: no export is allowed.',
          wrong: 'must be empty, or 0 to 100,000 kVA',
        })}
        {field('powerFactor', {
          label: 'Power factor',
          hint: 'Turns both capacities into kW.',
          wrong: 'must be 0.5 to 1',
        })}
      </Fields>
      {propose.isError && (
        <SaveProblem
          error={propose.error}
          fields={['ascKva', 'exportKva', 'powerFactor']}
          onReload={() => void reload()}
        />
      )}
      <div className={styles.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="filled" loading={propose.isPending}>
          Propose these capacities
        </Button>
      </div>
    </form>
  )
}

function figuresOf({ ascKva, exportKva, powerFactor }: Draft) {
  return {
    ascKva: numberOf(ascKva),
    exportKva: exportKva.trim() === '' ? null : numberOf(exportKva),
    powerFactor: numberOf(powerFactor),
  }
}

/** A number as typed; not a number if it is none. */
function numberOf(text: string): number {
  return /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
}
