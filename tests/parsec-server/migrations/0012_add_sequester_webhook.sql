ALTER TYPE sequester_service_type RENAME TO sequester_service_type_before_webhook;
CREATE TYPE sequester_service_type AS ENUM ('STORAGE', 'WEBHOOK');
ALTER TABLE sequester_service
    ALTER COLUMN service_type TYPE sequester_service_type
    USING service_type::TEXT::sequester_service_type;
DROP TYPE sequester_service_type_before_webhook;
ALTER TABLE sequester_service ADD COLUMN webhook_url TEXT;
