import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.internals.Exit;

/**
 * Runs Kafka's commands one after the other, as a shell does, but in one virtual machine. Each line
 * of standard input is a class and its arguments, separated by tabs; after what it prints comes a
 * line with its exit status.
 */
public final class Commands {
    private static final LinkedBlockingQueue<Integer> STATUSES = new LinkedBlockingQueue<>();

    public static void main(String[] args) throws Exception {
        Exit.setExitProcedure((status, message) -> exit(status));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("\t");
            Thread command = new Thread(() -> run(words[0], Arrays.copyOfRange(words, 1, words.length)));
            command.setDaemon(true);
            command.start();
            System.out.println("exit status " + STATUSES.take());
            System.out.flush();
        }
        // Clients of commands that have not closed theirs run on.
        Runtime.getRuntime().halt(0);
    }

    private static void run(String name, String[] args) {
        try {
            Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) args);
            exit(0);
        } catch (ReflectiveOperationException e) {
            e.printStackTrace();
            exit(1);
        }
    }

    /** Like an exit, it does not return, so that nothing is made of it by what surrounds it. */
    private static void exit(int status) {
        STATUSES.add(status);
        while (true) {
            LockSupport.park();
        }
    }
}
