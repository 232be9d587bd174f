-- A DER is in one FU at a time, otherwise it would be paid twice.
ALTER TABLE "flexible_unit_der" ADD CONSTRAINT "flexible_unit_der_one_fu" EXCLUDE USING gist (
	"der_id" WITH =,
	daterange("valid_from", "valid_until") WITH &&
);
--> statement-breakpoint
-- A row of `connection_group`, which belongs to the grid wing.
ALTER TABLE "flexible_unit" ADD CONSTRAINT "flexible_unit_group_id_connection_group_fk" FOREIGN KEY ("group_id") REFERENCES "connection_group"("group_id");
--> statement-breakpoint
DROP VIEW "unit_authority";
--> statement-breakpoint
DROP VIEW "unit_mpan";
--> statement-breakpoint
-- The DERs of each FU with the days on which they are members: within their membership, which reaches back without end for the FU's first
-- DERs, and within the consent of their owner where one is recorded. `held` is when the FSP holds authority over the MPAN; never where
-- another connection holds it by now. `days` is when a DER counts: of an FU over many connections only under authority, so that a home
-- that leaves takes nothing but itself away; an FU on one connection has authority as a whole or not at all (the view `unit_authority`).
CREATE VIEW "unit_member" WITH (security_invoker = true) AS
SELECT m.fu_id, m.der_id, d.fsp_id, d.connection_id, d.mpan, d.rated_w, u.connection_id IS NULL AS is_spread, span.days AS member_days,
	held.days AS held, CASE WHEN u.connection_id IS NULL THEN span.days * held.days ELSE span.days END AS days
FROM flexible_unit u
	JOIN flexible_unit_der m ON m.fu_id = u.fu_id
	JOIN der d ON d.der_id = m.der_id
	LEFT JOIN connection_mpan c ON c.mpan = d.mpan
	CROSS JOIN LATERAL (
		SELECT datemultirange(
			daterange(CASE WHEN m.valid_from > u.first_member_on THEN m.valid_from END, m.valid_until) * daterange(d.consent_from, d.consent_until)
		) AS days
	) span
	CROSS JOIN LATERAL (
		SELECT coalesce(range_agg(daterange(a.valid_from, a.valid_until)), '{}') AS days
		FROM mpan_authority a
		WHERE a.mpan = d.mpan AND a.fsp_id = d.fsp_id AND a.status = 'approved'
			AND (c.connection_id = coalesce(u.connection_id, d.connection_id) OR c.connection_id IS NULL)
	) held;
--> statement-breakpoint
-- The days on which an FU's FSP may act for it. On one connection: those with members, and authority over the MPANs of all of them and, for
-- a whole site, over all MPANs of the connection. Over many connections: those with a member that counts. An FU without a row has none.
CREATE VIEW "unit_authority" WITH (security_invoker = true) AS
SELECT fu_id, range_agg(counted) - range_agg(lacking) AS days
FROM (
	SELECT fu_id, days AS counted, CASE WHEN is_spread THEN '{}' ELSE member_days - held END AS lacking
	FROM unit_member
	UNION ALL
	SELECT u.fu_id, '{}'::datemultirange, datemultirange(daterange(NULL, NULL)) - (
		SELECT coalesce(range_agg(daterange(a.valid_from, a.valid_until)), '{}')
		FROM mpan_authority a
		WHERE a.mpan = c.mpan AND a.fsp_id = u.fsp_id AND a.status = 'approved'
	)
	FROM flexible_unit u JOIN connection_mpan c ON c.connection_id = u.connection_id
	WHERE u.is_whole_site
) needed
GROUP BY fu_id;
