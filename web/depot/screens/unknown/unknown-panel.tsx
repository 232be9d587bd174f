import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import type { UnknownKind, UnknownThing } from '../../../../schemas/fsp/registers/unknown.ts'
import { useToday } from '../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { api } from '../../api.ts'
import { depotsQuery, registerQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'

export const kindWords: Record<UnknownKind, string> = {
  token: 'Token',
  vehicle: 'Vehicle',
  'charge-point': 'Charge point',
  telematics: 'Telematics identity',
}

/** What a thing is called in the address. */
export function keyOf({ kind, key }: Pick<UnknownThing, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}

/** One thing that appeared, and the form that registers it. */
export function UnknownPanel({ thing, onClose }: { thing: UnknownThing; onClose: () => void }) {
  const today = useToday()
  return (
    <SidePanel title={`${kindWords[thing.kind]} ${thing.key}`} onClose={onClose}>
      <PanelFacts
        items={[
          ['Seen at', thing.place],
          ['First seen', dayAndTime(thing.firstSeenAt, today)],
          ['Last seen', dayAndTime(thing.lastSeenAt, today)],
          ['Times', String(thing.times)],
        ]}
      />
      <PanelPart title="Register it">
        <Registration thing={thing} onDone={onClose} />
      </PanelPart>
    </SidePanel>
  )
}

/** What each kind asks for. */
const asked: Record<UnknownKind, { registration: string; type?: string }> = {
  token: { registration: 'Vehicle, if it is one’s own' },
  vehicle: { registration: 'Registration', type: 'Type of vehicle' },
  'charge-point': { registration: 'Serial number', type: 'Model' },
  telematics: { registration: 'Vehicle' },
}

function Registration({ thing, onDone }: { thing: UnknownThing; onDone: () => void }) {
  const { kind } = thing
  const queries = useQueryClient()
  const refusal = useRefusal(
    kind === 'telematics' ? ['fleet-admin'] : ['fleet-admin', 'depot-admin'],
    thing.depotId ?? undefined,
  )
  const depots = useQuery(depotsQuery).data ?? []
  const types = useQuery(registerQuery(kind === 'vehicle' ? 'evTypes' : 'models')).data ?? []
  const [depotId, setDepotId] = useState(thing.depotId ?? '')
  const [registration, setRegistration] = useState('')
  const [type, setType] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const words = asked[kind]
  const register = useMutation({
    mutationFn: () => send(thing, { depotId, registration: registration.trim(), type }),
    onSuccess: async ({ authorizationKey }) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['unknown'] }),
        queries.invalidateQueries({ queryKey: ['register'] }),
      ])
      if (authorizationKey === null) onDone()
    },
  })
  const needsType = words.type !== undefined && type === ''
  const needsRegistration = kind !== 'token' && kind !== 'charge-point' && registration.trim() === ''
  const isWhole = !needsType && !needsRegistration && depotId !== ''
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (isWhole) register.mutate()
  }
  if (register.data?.authorizationKey) return <NewKey authorizationKey={register.data.authorizationKey} />
  return (
    <form onSubmit={onSubmit} noValidate>
      <Fields>
        <Choice
          label="Depot"
          value={depotId}
          fault={wasTried && depotId === '' ? 'Choose the depot.' : null}
          onChange={(event) => setDepotId(event.currentTarget.value)}
        >
          <Options of={depots.map(({ depotId: value, name }) => ({ value, name }))} />
        </Choice>
        <Field
          label={words.registration}
          value={registration}
          fault={wasTried && needsRegistration ? `State the ${words.registration.toLowerCase()}.` : null}
          onChange={(event) => setRegistration(event.currentTarget.value)}
        />
        {words.type && (
          <Choice
            label={words.type}
            value={type}
            fault={wasTried && needsType ? `Choose the ${words.type.toLowerCase()}.` : null}
            onChange={(event) => setType(event.currentTarget.value)}
          >
            <Options of={types.map(({ key }) => ({ value: key, name: key }))} />
          </Choice>
        )}
      </Fields>
      {register.isError && <ProblemNotice error={register.error} />}
      <Button
        type="submit"
        variant="filled"
        mt={12}
        disabled={refusal !== null}
        title={refusal ?? undefined}
        loading={register.isPending}
      >
        Register
      </Button>
    </form>
  )
}

function NewKey({ authorizationKey }: { authorizationKey: string }) {
  return (
    <Notice title="Registered. Configure this key at the charge point; it is shown this once">
      <code>{authorizationKey}</code>
    </Notice>
  )
}

/** What can be chosen, nothing being chosen at first. */
function Options({ of }: { of: readonly { value: string; name: string }[] }) {
  return (
    <>
      <option value="">Choose</option>
      {of.map(({ value, name }) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </>
  )
}

interface Given {
  depotId: string
  registration: string
  type: string
}

/** Registers a thing; answers with the key to configure on site, where it is a charge point. */
async function send(thing: UnknownThing, given: Given): Promise<{ authorizationKey: string | null }> {
  const { kind, key, place } = thing
  const { depotId, registration, type } = given
  const params = { key }
  if (kind === 'charge-point') {
    const data = await chargePointFrom(key, given)
    return api.call(fspOperations.registerUnknownChargePoint, { params, body: data })
  }
  if (kind === 'token')
    await api.call(fspOperations.registerUnknownToken, {
      params,
      body: { depotId, kind: registration === '' ? 'master' : 'vehicle', registration: registration || null },
    })
  else if (kind === 'vehicle')
    await api.call(fspOperations.registerUnknownVehicle, {
      params,
      body: { registration, data: { depotId, evType: type, subType: null, idTag: null, telematicsId: null } },
    })
  else
    await api.call(fspOperations.registerUnknownTelematics, {
      params,
      body: { registration, data: { provider: place, delivery: 'batch', name: null } },
    })
  return { authorizationKey: null }
}

/** A charge point as it is to be registered: as it was let in, where it was, else as one that connects to us directly. */
async function chargePointFrom(key: string, { depotId, registration, type }: Given) {
  const entries = await queryEntries()
  const present = entries.find((entry) => entry.key === key)?.data
  const plain = {
    mpan: null,
    feeder: 1,
    phase: null,
    firmware: null,
    route: 'direct' as const,
    backOffice: null,
    sockets: null,
  }
  return { ...plain, ...present, depotId, model: type, serial: registration || null }
}

function queryEntries() {
  return api.call(fspOperations.registers.chargePoints.list, {})
}
