//! What the record promises, tried from outside.
