import type { NetworkNode } from '../../../schemas/grid/connections.ts'

/** A node as an FSP sees it: what and where it is, without what it can carry and what flows (SEC19). */
export function viewForFsp({ nodeId, name, kind, parentId, licenceArea, easting, northing }: NetworkNode): NetworkNode {
  const unseen = { ratingWinterKva: null, ratingSummerKva: null }
  return { nodeId, name, kind, parentId, licenceArea, easting, northing, ...unseen }
}
