-- Secrets and keys of clients become rows of their own, so that several can be valid at a time.
INSERT INTO "client_credential" ("client_id", "secret_digest", "created_at")
	SELECT "client_id", "secret_digest", now() FROM "oauth_client" WHERE "secret_digest" IS NOT NULL AND "jwks" IS NULL;
--> statement-breakpoint
INSERT INTO "client_credential" ("client_id", "jwk", "kid", "created_at")
	SELECT "client_id", "key" || jsonb_build_object('kid', coalesce("key"->>'kid', md5("key"::text))),
		coalesce("key"->>'kid', md5("key"::text)), now()
	FROM "oauth_client" CROSS JOIN LATERAL jsonb_array_elements("jwks"->'keys') AS "key" WHERE "jwks" IS NOT NULL
	ON CONFLICT DO NOTHING;
--> statement-breakpoint
UPDATE "oauth_client" SET "secrets_allowed" = false WHERE "jwks" IS NOT NULL;
--> statement-breakpoint
UPDATE "oauth_client" SET "scopes" = "scopes" || '["credentials"]'::jsonb WHERE "kind" = 'fsp';
