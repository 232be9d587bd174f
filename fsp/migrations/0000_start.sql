CREATE TABLE "oidc_payload" (
	"model" text NOT NULL,
	"id" text NOT NULL,
	"payload" jsonb NOT NULL,
	"grant_id" text,
	"uid" text,
	"expires_at" timestamp with time zone,
	"consumed_at" timestamp with time zone,
	CONSTRAINT "oidc_payload_model_id_pk" PRIMARY KEY("model","id")
);
--> statement-breakpoint
CREATE TABLE "signing_key" (
	"kid" text PRIMARY KEY NOT NULL,
	"sealed_jwk" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"active_from" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "charge_point" (
	"identity" text PRIMARY KEY NOT NULL,
	"vendor" text NOT NULL,
	"model" text NOT NULL,
	"firmware" text,
	"booted_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "charging_transaction" (
	"transaction_id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "charging_transaction_transaction_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"identity" text NOT NULL,
	"connector" integer NOT NULL,
	"id_tag" text NOT NULL,
	"start_at" timestamp with time zone NOT NULL,
	"start_wh" double precision NOT NULL,
	"stop_at" timestamp with time zone,
	"stop_wh" double precision,
	"stop_reason" text,
	CONSTRAINT "charging_transaction_once" UNIQUE("identity","connector","start_at")
);
--> statement-breakpoint
CREATE TABLE "register_reading" (
	"identity" text NOT NULL,
	"connector" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"energy_wh" double precision NOT NULL,
	"power_w" double precision,
	CONSTRAINT "register_reading_identity_connector_at_pk" PRIMARY KEY("identity","connector","at")
);
--> statement-breakpoint
CREATE TABLE "setpoint" (
	"setpoint_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "setpoint_setpoint_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"identity" text NOT NULL,
	"connector" integer NOT NULL,
	"limit_a" integer NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"at" timestamp with time zone NOT NULL,
	"attempt" integer NOT NULL,
	"result" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "status_change" (
	"identity" text NOT NULL,
	"connector" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"error_code" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "token_shown" (
	"identity" text NOT NULL,
	"id_tag" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"known" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "depot_mode" (
	"depot_id" text PRIMARY KEY NOT NULL,
	"mode" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "site_load" (
	"depot_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"site_load_w" double precision NOT NULL,
	CONSTRAINT "site_load_depot_id_at_pk" PRIMARY KEY("depot_id","at")
);
--> statement-breakpoint
CREATE TABLE "answered_tender" (
	"tender_id" uuid PRIMARY KEY NOT NULL,
	"bid" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contract" (
	"contract_id" uuid PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL,
	"terms" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flexible_unit" (
	"depot_id" text PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"max_turn_down_w" integer NOT NULL,
	CONSTRAINT "flexible_unit_fu_id_unique" UNIQUE("fu_id")
);
--> statement-breakpoint
CREATE TABLE "received_instruction" (
	"instruction_id" uuid PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL,
	"depot_id" text,
	"product" text NOT NULL,
	"intervals" jsonb NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"supersedes" uuid,
	"outcome" text NOT NULL,
	"reason" text,
	"detail" text,
	"begun_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "received_limit" (
	"limit_id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"depot_id" text,
	"intervals" jsonb NOT NULL,
	"fail_safe_w" double precision,
	"issued_at" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "registration" (
	"id" integer PRIMARY KEY NOT NULL,
	"control_client_id" text NOT NULL,
	"sealed_control_secret" text NOT NULL,
	"control_secret_digest" text NOT NULL,
	"sealed_key" text NOT NULL,
	"application_id" uuid,
	"client_id" text,
	"issuer" text,
	"token_endpoint" text,
	"resource" text,
	"scope" text,
	"status" text NOT NULL,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "service_status" (
	"depot_id" text NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"in_service" boolean NOT NULL,
	"reason" text NOT NULL,
	"pushed_at" timestamp with time zone,
	CONSTRAINT "service_status_depot_id_effective_from_pk" PRIMARY KEY("depot_id","effective_from")
);
--> statement-breakpoint
CREATE TABLE "metered_quarter" (
	"depot_id" text NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"energy_wh" double precision NOT NULL,
	"quality" text NOT NULL,
	"source" text NOT NULL,
	"revision" integer NOT NULL,
	"uploaded_revision" integer,
	"computed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "metered_quarter_depot_id_period_start_pk" PRIMARY KEY("depot_id","period_start")
);
--> statement-breakpoint
CREATE TABLE "metering_start" (
	"id" integer PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "oidc_payload_grant" ON "oidc_payload" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "oidc_payload_uid" ON "oidc_payload" USING btree ("uid");--> statement-breakpoint
CREATE INDEX "oidc_payload_expiry" ON "oidc_payload" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "register_reading_time" ON "register_reading" USING btree ("at");--> statement-breakpoint
CREATE INDEX "register_reading_received" ON "register_reading" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "setpoint_connector" ON "setpoint" USING btree ("identity","connector","at");--> statement-breakpoint
CREATE INDEX "status_change_connector" ON "status_change" USING btree ("identity","connector","at");--> statement-breakpoint
CREATE INDEX "token_shown_identity" ON "token_shown" USING btree ("identity","at");--> statement-breakpoint
CREATE INDEX "received_instruction_depot" ON "received_instruction" USING btree ("depot_id","ends_at");--> statement-breakpoint
CREATE INDEX "received_instruction_supersedes" ON "received_instruction" USING btree ("supersedes");--> statement-breakpoint
CREATE INDEX "received_limit_depot" ON "received_limit" USING btree ("depot_id","issued_at");--> statement-breakpoint
CREATE INDEX "metered_quarter_pending" ON "metered_quarter" USING btree ("depot_id","period_start") WHERE uploaded_revision is distinct from revision;