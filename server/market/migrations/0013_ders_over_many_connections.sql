ALTER TABLE "flexible_unit" ALTER COLUMN "connection_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "der" ADD COLUMN "consent_reference" text;--> statement-breakpoint
ALTER TABLE "der" ADD COLUMN "consent_from" date;--> statement-breakpoint
ALTER TABLE "der" ADD COLUMN "consent_until" date;--> statement-breakpoint
ALTER TABLE "flexible_unit" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "flexible_unit" ADD COLUMN "first_member_on" date;--> statement-breakpoint
-- Until now a DER was in its FU for good.
ALTER TABLE "flexible_unit_der" ADD COLUMN "valid_from" date DEFAULT '2000-01-01' NOT NULL;--> statement-breakpoint
ALTER TABLE "flexible_unit_der" ALTER COLUMN "valid_from" DROP DEFAULT;--> statement-breakpoint
UPDATE "flexible_unit" SET "first_member_on" = '2000-01-01';--> statement-breakpoint
ALTER TABLE "flexible_unit_der" ADD COLUMN "valid_until" date;--> statement-breakpoint
ALTER TABLE "flexible_unit_der" DROP CONSTRAINT "flexible_unit_der_pkey";--> statement-breakpoint
ALTER TABLE "flexible_unit_der" ADD CONSTRAINT "flexible_unit_der_der_id_valid_from_pk" PRIMARY KEY("der_id","valid_from");--> statement-breakpoint
CREATE INDEX "der_mpan" ON "der" USING btree ("mpan","name");--> statement-breakpoint
CREATE INDEX "der_fsp" ON "der" USING btree ("fsp_id","name");--> statement-breakpoint
CREATE INDEX "der_connection" ON "der" USING btree ("connection_id");--> statement-breakpoint
ALTER TABLE "flexible_unit_der" ADD CONSTRAINT "flexible_unit_der_span" CHECK (valid_until is null or valid_from < valid_until);
--> statement-breakpoint
CREATE INDEX "mpan_authority_application" ON "mpan_authority" USING btree ("application_id");