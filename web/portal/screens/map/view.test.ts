import fc from 'fast-check'
import { expect, test } from 'vitest'
import { viewIn, viewText } from './view.ts'

const views = fc.record({
  latitude: fc.double({ min: -85, max: 85, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  zoom: fc.double({ min: 0, max: 22, noNaN: true }),
})

test('a view comes back from the address as it was, to a metre and a hundredth of a zoom', () => {
  fc.assert(
    fc.property(views, (view) => {
      const back = viewIn(viewText(view))
      expect(back?.latitude).toBeCloseTo(view.latitude, 4)
      expect(back?.longitude).toBeCloseTo(view.longitude, 4)
      expect(back?.zoom).toBeCloseTo(view.zoom, 1)
    }),
  )
})

test.each(['', 'x', '51.5,-0.1', '51.5,-0.1,', '91,0,3', '51.5,-0.1,40', '51.5,-0.1,3,4'])(
  '%j is no view, so that the map shows the whole network',
  (text) => {
    expect(viewIn(text)).toBeNull()
  },
)
