import { Button } from '@mantine/core'
import type { ChangeEvent } from 'react'
import type { SensorFields } from './form.ts'
import { sensorWords } from './words.ts'

interface SensorRowProps {
  /** Its place in the list, from 1. */
  n: number
  sensor: SensorFields
  onChange: (next: SensorFields) => void
  onRemove: () => void
}

/** The fields of one sensor in a line. */
export function SensorRow({ n, sensor, onChange, onRemove }: SensorRowProps) {
  const set = (name: keyof SensorFields) => (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
    onChange({ ...sensor, [name]: event.currentTarget.value })
  const of = (what: string) => `Sensor ${n}: ${what}`
  const unit = sensor.kind === 'rogowski' ? 'mV' : 'A'
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
      <input className="rm-select" aria-label={of('feeder')} size={3} value={sensor.feeder} onChange={set('feeder')} />
      <select className="rm-select" aria-label={of('phase')} value={sensor.phase} onChange={set('phase')}>
        {['L1', 'L2', 'L3'].map((phase) => (
          <option key={phase}>{phase}</option>
        ))}
      </select>
      <select className="rm-select" aria-label={of('kind')} value={sensor.kind} onChange={set('kind')}>
        {Object.entries(sensorWords).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      {sensor.kind !== 'voltage-lead' && (
        <>
          <input
            className="rm-select"
            aria-label={of('rated primary current, A')}
            placeholder="primary A"
            size={9}
            value={sensor.primaryA}
            onChange={set('primaryA')}
          />
          <input
            className="rm-select"
            aria-label={of(`secondary, ${unit}`)}
            placeholder={`secondary ${unit}`}
            size={12}
            value={sensor.secondary}
            onChange={set('secondary')}
          />
        </>
      )}
      <input
        className="rm-select"
        aria-label={of('serial number')}
        placeholder="serial number"
        size={14}
        value={sensor.serialNumber}
        onChange={set('serialNumber')}
      />
      <Button size="xs" aria-label={of('remove')} onClick={onRemove}>
        Remove
      </Button>
    </div>
  )
}
