import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { pointMapsQuery, poolsQuery } from '../../../hub-queries.ts'
import { hubsQuery } from '../../../queries.ts'
import { ConnectionField } from '../../connections/connection-field.tsx'
import { NodeField } from '../../network/node-field.tsx'
import type { HubDraft } from './draft.ts'

/** What each part of a registration is given. */
export interface PartProps {
  draft: HubDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<HubDraft>) => void
}

type TextName = 'name' | 'host' | 'port' | 'tlsName' | 'localAddress' | 'remoteAddress' | 'integrityPollS' | 'timeoutS'

/** A text of a registration in its field. */
function textField({ draft, fault, set }: PartProps) {
  return (name: TextName, label: string, more: { hint?: string; unit?: string; isNumber?: true } = {}) => (
    <Field
      label={label}
      hint={more.hint}
      unit={more.unit}
      inputMode={more.isNumber ? 'numeric' : undefined}
      autoComplete="off"
      spellCheck={false}
      fault={fault(name)}
      value={draft[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  )
}

/** Its name, what it monitors, and which model of hub it is. */
export function SubjectFields(props: PartProps) {
  const { draft, fault, set } = props
  const maps = useQuery(pointMapsQuery).data ?? []
  const text = textField(props)
  return (
    <Fields>
      {text('name', 'Name', { hint: 'The name people use, such as Almeida Street hub.' })}
      <NodeField
        label="Node"
        hint="The node that it monitors; empty if it stands at a customer’s intake."
        value={draft.nodeId}
        fault={fault('nodeId')}
        onChange={(nodeId) => set({ nodeId })}
      />
      <ConnectionField
        label="Connection"
        hint="The connection at whose intake it stands, if it does."
        value={draft.connectionId}
        onChange={(connectionId) => set({ connectionId })}
      />
      <Choice
        label="Point map"
        hint="What the points of its model mean. A second person approves another map."
        value={draft.pointMapName}
        onChange={(event) => set({ pointMapName: event.currentTarget.value })}
      >
        <option value="">its own, or that of a VisNet-like monitor</option>
        {maps.map(({ name, points }) => (
          <option key={name} value={name}>
            {name}, {points.length} points
          </option>
        ))}
      </Choice>
    </Fields>
  )
}

/** Where it answers, by which DNP3 addresses, and how it proves who it is. */
export function ReachFields(props: PartProps) {
  const { draft, set } = props
  const text = textField(props)
  return (
    <Fields>
      <Checkbox
        label="It calls its gateway: there is no fixed address at which it answers"
        checked={draft.dialsIn}
        onChange={(event) => set({ dialsIn: event.currentTarget.checked })}
      />
      {text('host', 'Host', {
        hint: draft.dialsIn
          ? 'The address that it calls from, if that is fixed; else empty.'
          : 'A host name or an IP address.',
      })}
      {!draft.dialsIn && text('port', 'Port', { isNumber: true })}
      {text('localAddress', 'DNP3 address of the gateway', { isNumber: true })}
      {text('remoteAddress', 'DNP3 address of the hub', { isNumber: true })}
      {text('tlsName', 'Name in its certificate', {
        hint: 'Over mutual TLS, the certificate must bear this name. Empty: plain TCP.',
      })}
    </Fields>
  )
}

/** The gateway or the pool that polls it, and when silence counts. */
export function PolledFields(props: PartProps) {
  const { draft, fault, set } = props
  const pools = useQuery(poolsQuery).data ?? []
  const hubs = useQuery(hubsQuery).data ?? []
  const list = useId()
  const known = new Set(
    hubs.flatMap(({ gatewayId, ownership }) => (gatewayId && ownership !== 'customer' ? [gatewayId] : [])),
  )
  const text = textField(props)
  return (
    <Fields>
      <Choice
        label="Polled by"
        value={draft.isPooled ? 'pool' : 'gateway'}
        onChange={(event) => set({ isPooled: event.currentTarget.value === 'pool' })}
      >
        <option value="gateway">one gateway</option>
        <option value="pool">the gateways of a pool, one at a time</option>
      </Choice>
      {draft.isPooled ? (
        <Choice
          label="Pool"
          fault={fault('pool')}
          value={draft.pool}
          onChange={(event) => set({ pool: event.currentTarget.value })}
        >
          <option value="">choose a pool</option>
          {pools.map(({ name, gateways }) => (
            <option key={name} value={name}>
              {name}: {gateways.map(({ gatewayId }) => gatewayId).join(', ')}
            </option>
          ))}
        </Choice>
      ) : (
        <>
          <Field
            label="Gateway"
            hint="By the identifier of its client, such as gateway-1."
            list={list}
            autoComplete="off"
            fault={fault('gatewayId')}
            value={draft.gatewayId}
            onChange={(event) => set({ gatewayId: event.currentTarget.value })}
          />
          <datalist id={list}>
            {[...known].toSorted().map((id) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </>
      )}
      {text('integrityPollS', 'Integrity poll', {
        unit: 's',
        isNumber: true,
        hint: 'All values this often; events also half-way between.',
      })}
      {text('timeoutS', 'Silent after', {
        unit: 's',
        isNumber: true,
        hint: 'Without a measurement for this long, it counts as a communication failure.',
      })}
    </Fields>
  )
}
