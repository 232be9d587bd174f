import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ControlMode, DepotState } from '../../../../schemas/fsp/depot-api.ts'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { type DepotOptionsData, defaultOptions } from '../../../../schemas/fsp/registers/calendars.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { Facts, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count } from '../../../shared/format/power.ts'
import { api } from '../../api.ts'
import { emergenciesQuery, registerQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { modeWords } from '../../words.ts'
import { DepotPage } from './depot-page.tsx'
import { EmergencySection } from './emergency.tsx'

/** Optimisation control of a depot: its mode, what the optimisation takes into account, and the emergency off. */
export function DepotControl() {
  const { depotId } = useParams({ from: '/inside/depots/$depotId/control' })
  const emergencies = useQuery(emergenciesQuery(depotId))
  return (
    <DepotPage depotId={depotId}>
      {(depot) => (
        <Loaded query={emergencies}>
          {(all) => {
            const isOff = all.some(({ endedAt }) => endedAt === null)
            return (
              <>
                <Modes depot={depot} isOff={isOff} />
                <Switches depotId={depotId} />
                <EmergencySection depot={depot} emergencies={all} />
              </>
            )
          }}
        </Loaded>
      )}
    </DepotPage>
  )
}

const modes: readonly ControlMode[] = ['off', 'monitor', 'test', 'live']

function Modes({ depot, isOff }: { depot: DepotState; isOff: boolean }) {
  const refusal = useRefusal(['depot-admin'], depot.depotId)
  const queries = useQueryClient()
  const setMode = useMutation({
    mutationFn: (mode: ControlMode) =>
      api.call(fspOperations.setControlMode, { params: { depotId: depot.depotId }, body: { mode } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['depot', depot.depotId] }),
  })
  const emergency = isOff ? 'An emergency off is in force: end it first.' : null
  return (
    <Section title="Control mode">
      <Facts
        items={modes.map((mode) => {
          const { word, means } = modeWords[mode]
          const action = { ...setMode, mutateAsync: () => setMode.mutateAsync(mode) }
          return [
            word,
            mode === depot.mode ? (
              <Mark key={mode} {...modeWords[mode]} word="In force" />
            ) : (
              <TwoStep
                key={mode}
                label={`Set to ${word.toLowerCase()}`}
                refusal={refusal ?? emergency}
                consequence={`${means} This holds for ${count(depot.sockets.length, 'socket')} at ${depot.name} from now on.`}
                action={action}
              />
            ),
          ] as const
        })}
      />
    </Section>
  )
}

type Switch = 'profiledConnection' | 'flexibility' | 'priority' | 'tariff'

const switchWords: Record<Switch, { name: string; off: string }> = {
  profiledConnection: {
    name: 'Profiled connections',
    off: 'The profile agreed with the DNO and those of the calendar no longer limit the depot. Limits that the DNO sends do.',
  },
  flexibility: {
    name: 'Flexibility',
    off: 'Turn-downs that the DNO instructs and events of the calendar are no longer followed.',
  },
  priority: {
    name: 'Priority',
    off: 'Vehicles are served in the order in which they came, whatever their schedules and states of charge.',
  },
  tariff: { name: 'Tariff', off: 'Charging is no longer moved out of expensive times.' },
}

/** What the optimisation takes into account, switch by switch. Without an entry of its own a depot has everything on. */
function Switches({ depotId }: { depotId: string }) {
  const query = useQuery(registerQuery('depotOptions'))
  return (
    <Section title="What the optimisation takes into account">
      <Loaded query={query}>
        {(entries) => {
          const entry = entries.find(({ key }) => key === depotId)
          const options = entry ? (entry.data as unknown as DepotOptionsData) : { ...defaultOptions, depotId }
          return <SwitchList options={options} version={entry?.version ?? null} />
        }}
      </Loaded>
    </Section>
  )
}

function SwitchList({ options, version }: { options: DepotOptionsData; version: number | null }) {
  const queries = useQueryClient()
  const { depotId } = options
  const refusal = useRefusal(['fleet-admin', 'depot-admin'], depotId)
  const save = useMutation({
    mutationFn: (data: DepotOptionsData) =>
      api.call(fspOperations.registers.depotOptions.put, { params: { key: depotId }, body: { data }, version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['register', 'depotOptions'] }),
  })
  return (
    <Facts
      items={Object.entries(switchWords).map(([key, { name, off }]) => {
        const isOn = options[key as Switch]
        const action = { ...save, mutateAsync: () => save.mutateAsync({ ...options, [key]: !isOn }) }
        return [
          name,
          <span key={key} className="rm-switch">
            <Mark word={isOn ? 'On' : 'Off'} tone={isOn ? 'normal' : 'risk'} shape={isOn ? 'dot' : 'bar'} />{' '}
            <TwoStep
              label={`Switch ${name.toLowerCase()} ${isOn ? 'off' : 'on'}`}
              refusal={refusal}
              consequence={isOn ? off : `${name} count again at this depot from the next decision on.`}
              action={action}
            />
          </span>,
        ] as const
      })}
    />
  )
}
