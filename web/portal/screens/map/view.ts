/** Where a map looks: its middle in degrees, and its zoom. */
export interface View {
  longitude: number
  latitude: number
  zoom: number
}

/** A view as it stands in an address: latitude, longitude and zoom, such as `51.54120,-0.10340,11.50`. */
export function viewText({ longitude, latitude, zoom }: View): string {
  return `${latitude.toFixed(5)},${longitude.toFixed(5)},${zoom.toFixed(2)}`
}

/** Reads a view from an address; `null` if it makes no sense, so that the map shows the whole network. */
export function viewIn(text: string | undefined): View | null {
  const parts = (text ?? '').split(',').map((each) => (each.trim() === '' ? Number.NaN : Number(each)))
  const [latitude = Number.NaN, longitude = Number.NaN, zoom = Number.NaN] = parts
  const isView = parts.length === 3 && Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 && zoom >= 0 && zoom <= 22
  return isView ? { latitude, longitude, zoom } : null
}
